// Shots that reviewers want fixed: their marks, and stepping from one to the next. The bar tells
// which they are; it is swapped when somebody ticks one off, the cards are not.

const bar = () => document.getElementById("flags");
const flagged = () => bar().dataset.shots.split(",").filter(Boolean);

function mark() {
  const shots = new Set(flagged());
  for (const part of document.querySelectorAll("#grid > [data-shot], #segments > [data-shot]")) {
    part.toggleAttribute("data-flagged", shots.has(part.dataset.shot));
  }
}

// From the selected shot on, in the order of the board as it is now; after the last, the first.
function next() {
  const order = [...document.querySelectorAll("#grid > [data-shot]")].map((part) => part.dataset.shot);
  const shots = new Set(flagged());
  const at = order.findIndex((pk) => document.getElementById(`card-${pk}`).hasAttribute("aria-current"));
  return [...order.slice(at + 1), ...order].find((pk) => shots.has(pk));
}

function goTo(pk) {
  // As if its segment were pressed: it is selected, and its card comes into view.
  document.getElementById(`segment-${pk}`)?.click();
  if (matchMedia("(max-width: 1080px)").matches) document.getElementById("inspector").scrollIntoView();
}

export function showFlags(board) {
  document.addEventListener("htmx:afterSettle", mark);

  board.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-fix]")) return;
    event.preventDefault();
    const pk = next();
    if (pk) goTo(pk);
  });
}
