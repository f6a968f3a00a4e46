// Moving shots: by dragging a frame, by the arrows of a card, by Alt and the arrow keys.

import { toast } from "../shell.js";
import { hold, isBusy } from "./saving.js";
import { wasSaved } from "./typing.js";

const shotsOf = (grid) => [...grid.querySelectorAll(":scope > .card")];
const pksOf = (grid) => shotsOf(grid).map((card) => card.dataset.shot);

let before = [];

function post(grid, moved) {
  const order = pksOf(grid);
  if (order.join() === before.join()) return;
  const form = document.getElementById("order");
  form.elements.order.value = order.join(",");
  form.elements.moved.value = moved;
  htmx.trigger(form, "save");
}

function putBack() {
  const grid = document.getElementById("grid");
  for (const pk of before) {
    const card = document.getElementById(`card-${pk}`);
    if (card) grid.append(card);
  }
}

function moveBy(card, step) {
  const grid = card.parentElement;
  const shots = shotsOf(grid);
  const place = shots.indexOf(card) + step;
  if (place < 0 || place >= shots.length) return;
  before = pksOf(grid);
  const focused = document.activeElement;
  grid.insertBefore(card, step < 0 ? shots[place] : shots[place].nextSibling);
  if (card.contains(focused)) focused.focus();
  post(grid, card.dataset.shot);
}

function makeSortable() {
  const grid = document.getElementById("grid");
  if (!grid || Sortable.get(grid)) return;
  Sortable.create(grid, {
    draggable: ".card",
    handle: ".picture",
    animation: 140,
    forceFallback: true,
    fallbackTolerance: 4,
    delay: 180,
    delayOnTouchOnly: true,
    ghostClass: "ghost",
    dragClass: "dragged",
    onStart: () => { before = pksOf(grid); },
    onEnd: (event) => post(grid, event.item.dataset.shot),
  });
}

const ENDS = ["pointerup", "pointercancel", "pointermove", "blur"];

// In the capture phase, because Sortable stops a drop from bubbling, and because the hold must stand
// before the field that loses the focus is saved.
function holdWhilePressed(board) {
  const letGo = (event) => {
    if (event.type === "pointermove" && event.buttons) return;
    if (event.type === "blur" && event.target !== window) return;
    for (const end of ENDS) removeEventListener(end, letGo, true);
    setTimeout(() => hold(false));
  };
  board.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".picture")) return;
    Sortable.get(document.getElementById("grid"))?.option("disabled", isBusy());
    hold(true);
    for (const end of ENDS) addEventListener(end, letGo, true);
  }, true);
}

export function arrangeShots(board) {
  makeSortable();
  holdWhilePressed(board);
  document.addEventListener("htmx:afterSettle", makeSortable);

  board.addEventListener("click", (event) => {
    const arrow = event.target.closest("button[data-step]");
    if (!arrow) return;
    event.preventDefault();
    moveBy(arrow.closest(".card"), Number(arrow.dataset.step));
  });

  board.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
    const card = event.target.closest(".card");
    if (!event.altKey || !steps[event.key] || !card || event.target.matches("input, textarea")) return;
    event.preventDefault();
    moveBy(card, steps[event.key]);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "order" || wasSaved(event.detail)) return;
    putBack();
    toast("The shot was not moved.");
  });
}
