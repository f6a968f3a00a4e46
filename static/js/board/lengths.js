// Lengths in proportion to time. Browsers with typed attr() do it in CSS alone; for the others the
// same lengths are set here, through the object model, because the page allows no inline styles.

const inCss = CSS.supports("flex-grow", "attr(data-ms type(<number>), 1)");

function measure(root) {
  for (const part of root.querySelectorAll("[data-ms]")) part.style.flexGrow = part.dataset.ms;
}

export function drawLengths(board) {
  if (inCss) return;
  measure(board);
  document.addEventListener("htmx:afterSwap", () => measure(board));
  document.addEventListener("htmx:oobAfterSwap", () => measure(board));
}
