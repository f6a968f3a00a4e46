// Members' names behind an @: suggested while one types. Guests' fields ask for none.

const BEGUN = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u;
const WAIT_MS = 120;

let field = null;
let chosen = 0;
let names = [];
let timer = 0;
let asked = null;

const address = () => document.getElementById("note-text")?.dataset.names;
const begun = () => field.value.slice(0, field.selectionStart).match(BEGUN)?.[1];

const box = document.createElement("ul");
box.id = "mention-names";
box.className = "mention-names";
box.setAttribute("role", "listbox");
box.ariaLabel = "Members";

function close() {
  asked?.abort();
  box.remove();
  names = [];
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
}

function paint() {
  box.replaceChildren(
    ...names.map((name, place) => {
      const option = document.createElement("li");
      option.id = `mention-${place}`;
      option.setAttribute("role", "option");
      option.ariaSelected = String(place === chosen);
      option.textContent = name;
      return option;
    }),
  );
  if (!box.isConnected) field.after(box);
  field.setAttribute("aria-controls", box.id);
  field.setAttribute("aria-activedescendant", `mention-${chosen}`);
}

async function ask() {
  const sought = begun();
  if (sought === undefined || !address()) return close();
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${address()}?q=${encodeURIComponent(sought)}`, { signal: asked.signal });
    ({ names } = answer.ok ? await answer.json() : { names: [] });
  } catch {
    return; // another letter came meanwhile, or the studio is away: then nothing is suggested
  }
  chosen = 0;
  if (names.length && begun() === sought) paint();
  else close();
}

function insert(name) {
  const start = field.selectionStart - begun().length;
  field.setRangeText(`${name} `, start, field.selectionStart, "end");
  close();
  field.focus();
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("textarea:is([data-names], [data-mentions])")) return;
  if (field !== target) close();
  field = target;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});

document.addEventListener("keydown", (event) => {
  if (!box.isConnected || event.target !== field || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen = (chosen + step + names.length) % names.length;
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") insert(names[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (step) paint();
}, true);

box.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  const option = event.target.closest("[role=option]");
  if (option) insert(option.textContent);
});
document.addEventListener("focusout", ({ target }) => target === field && close());
