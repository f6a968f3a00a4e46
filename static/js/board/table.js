// The table: cells that are walked through by arrows and Enter, and lists shared by all rows.

const CELL = "#grid input:not([type=hidden]), #grid textarea, #grid select, #grid .frame";
const WALKS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };

// A list is filled when it is used: a hundred rows need not bring it a hundred times.
function fill(select) {
  const list = document.getElementById(`list-${select.name}`);
  if (!list || select.options.length > 1) return;
  const { value } = select;
  const said = select.options[0].textContent;
  select.replaceChildren(...[...list.options].map((option) => new Option(option.text, option.value)));
  let current = [...select.options].find((option) => option.value === value);
  if (!current) select.prepend((current = new Option(said, value)));
  current.selected = true;
  current.defaultSelected = true;
}

function cellBeside(cell, rows, columns) {
  const row = cell.closest("tr");
  const cells = [...row.querySelectorAll(CELL)];
  const place = cells.indexOf(cell);
  if (!rows) return cells[place + columns];
  let next = row;
  do next = rows < 0 ? next.previousElementSibling : next.nextElementSibling;
  while (next && !next.dataset.shot);
  return next?.querySelectorAll(CELL)[place];
}

// Left and right leave a field only from its edge; in a list up and down choose.
function staysInside(event, cell) {
  if (event.key === "Enter") return cell.matches(".frame") || (cell.tagName === "TEXTAREA" && event.shiftKey);
  if (cell.tagName === "SELECT") return event.key === "ArrowUp" || event.key === "ArrowDown";
  if (cell.tagName === "TEXTAREA" && cell.value.includes("\n") && !event.key.match(/Left|Right/)) return true;
  if (!("selectionStart" in cell) || cell.selectionStart === null || !event.key.match(/Left|Right/)) return false;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const edge = event.key === "ArrowLeft" ? 0 : cell.value.length;
  return !whole && (cell.selectionStart !== edge || cell.selectionEnd !== edge);
}

function walk(event) {
  const cell = event.target.closest(CELL);
  const step = WALKS[event.key];
  if (!cell || !step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if ((event.shiftKey && event.key !== "Enter") || staysInside(event, cell)) return;
  event.preventDefault();
  const next = cellBeside(cell, ...step);
  if (!next) {
    cell.blur(); // which saves it
    return cell.focus();
  }
  next.focus();
  next.select?.();
}

const inWords = (ms) => String(ms / 1000);

// When each shot begins and ends follows from the durations above it.
function tellTimes() {
  let start = 0;
  for (const row of document.querySelectorAll("#grid > tr[data-ms]")) {
    const end = start + Number(row.dataset.ms);
    row.querySelector(".span").textContent = `${inWords(start)}–${inWords(end)}`;
    start = end;
  }
}

// What a row's fields have in common they are given here: it is half of what a row would weigh.
function dress() {
  for (const field of document.querySelectorAll("#grid [name]:not([form])")) {
    const { shot } = field.closest("tr").dataset;
    field.setAttribute("form", `r${shot}`);
    field.setAttribute("aria-labelledby", `h-${field.name} n${shot}`);
  }
}

export function editTable(board) {
  if (board.dataset.view !== "table") return;
  dress();
  document.addEventListener("htmx:oobAfterSwap", dress);
  for (const type of ["focusin", "mousedown"]) {
    board.addEventListener(type, (event) => event.target.matches("#grid select") && fill(event.target));
  }
  // A cell's form is not around it: what happens in the cell does not reach it by itself.
  board.addEventListener("change", (event) => {
    const { form } = event.target;
    if (event.target.closest(CELL) && form && !form.contains(event.target)) htmx.trigger(form, "save");
  });
  board.addEventListener("keydown", walk);
  document.addEventListener("htmx:afterSettle", tellTimes);
}
