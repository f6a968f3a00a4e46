// Lengths in proportion to time. Browsers with typed attr() do it in CSS alone; for the others the
// same lengths are set here, through the object model, because the page allows no inline styles.

const MAX_MS = 60_000; // what the vendor takes
const MIN_MS = 15_000;
const RULER_STEP_MS = 5_000;

const inCss = CSS.supports("flex-grow", "attr(data-ms type(<number>), 1)");

export const inWords = (ms) => `${ms / 1000} s`;

function measure(root) {
  for (const part of root.querySelectorAll("[data-ms]")) part.style.flexGrow = part.dataset.ms;
}

const segments = () => [...document.querySelectorAll("#segments > .segment")];

export const totalNow = () => segments().reduce((sum, segment) => sum + Number(segment.dataset.ms), 0);

function drawRuler(axis) {
  let step = RULER_STEP_MS;
  while (axis / step > 30) step *= 2;
  const cells = [];
  for (let start = 0; start < axis; start += step) {
    const cell = document.createElement("span");
    cell.dataset.ms = Math.min(step, axis - start);
    cell.textContent = start ? start / 1000 : "0 s";
    cells.push(cell);
  }
  document.getElementById("ruler").replaceChildren(...cells);
}

// What the strip and the total would be: the server says what they are when the edit is saved.
export function preview() {
  const total = totalNow();
  const over = Math.max(0, total - MAX_MS);
  const axis = Math.max(MAX_MS, total);
  document.getElementById("free").dataset.ms = axis - total;
  const overrun = document.getElementById("overrun");
  overrun.hidden = !over;
  overrun.firstElementChild.dataset.ms = axis - over;
  overrun.lastElementChild.dataset.ms = over;
  drawRuler(axis);
  const verdict = document.querySelector(".verdict");
  verdict.className = `verdict would ${over ? "bad" : total < MIN_MS ? "warn" : "good"}`;
  verdict.querySelector(".total").textContent = `${inWords(total)} of ${inWords(MAX_MS)}`;
  verdict.querySelector(".word").textContent = `Would ${over ? "be too long" : total < MIN_MS ? "be too short" : "fit 15–60 s"}`;
  verdict.querySelector(".says").textContent = "";
  if (!inCss) measure(document.getElementById("strip"));
}

export function drawLengths(board) {
  if (inCss) return;
  measure(board);
  document.addEventListener("htmx:afterSwap", () => measure(board));
  document.addEventListener("htmx:oobAfterSwap", () => measure(board));
}
