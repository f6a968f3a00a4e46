// Moving shots: by dragging a frame or a segment, by the arrows of a card, by Alt and the arrow keys.

import { toast } from "../toasts.js";
import { moved, putDown, takeAlong, together } from "./carrying.js";
import { arrange, orderNow, orderOf } from "./ordering.js";
import { hold, isBusy } from "./saving.js";
import { wasSaved } from "./typing.js";

const HELD = ".picture, .segment, tbody th";

let before = [];

function post(order, pk) {
  arrange(order);
  if (order.join() === before.join()) return;
  const form = document.getElementById("order");
  form.elements.order.value = order.join(",");
  form.elements.moved.value = together(pk).join(",");
  htmx.trigger(form, "save");
}

function moveBy(pk, step) {
  before = orderNow();
  post(moved(before, pk, step), pk);
  document.querySelector(`#grid > [data-shot="${pk}"]`)?.scrollIntoView({ block: "nearest" });
}

function makeSortable(place, options) {
  if (!place || Sortable.get(place)) return;
  Sortable.create(place, {
    animation: 140,
    forceFallback: true,
    fallbackTolerance: 4,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 4,
    ghostClass: "ghost",
    dragClass: "dragged",
    ...options,
    onStart: ({ item }) => {
      before = orderNow();
      takeAlong(item);
    },
    onEnd: ({ item }) => post(putDown(item, orderOf(place)), item.dataset.shot),
  });
}

function makeSortables() {
  makeSortable(document.querySelector("#grid.grid"), { draggable: ".card", handle: ".picture" });
  makeSortable(document.querySelector("tbody#grid"), { draggable: "[data-shot]", handle: "th, .picture" });
  makeSortable(document.getElementById("segments"), { draggable: ".segment", direction: "horizontal" });
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
    const place = event.target.closest(HELD)?.closest("#grid, #segments");
    if (!place) return;
    Sortable.get(place)?.option("disabled", isBusy());
    hold(true);
    for (const end of ENDS) addEventListener(end, letGo, true);
  }, true);
}

export function arrangeShots(board) {
  makeSortables();
  holdWhilePressed(board);
  document.addEventListener("htmx:afterSettle", makeSortables);

  // The browser's own dragging of links and pictures would take the pointer away.
  board.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(".frame")) event.preventDefault();
  });

  board.addEventListener("click", (event) => {
    const arrow = event.target.closest(".tool[name=left], .tool[name=right]");
    if (!arrow) return;
    event.preventDefault();
    moveBy(arrow.closest("[data-shot]").dataset.shot, arrow.name === "left" ? -1 : 1);
  });

  board.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
    const card = event.target.closest("#grid > [data-shot]");
    if (!event.altKey || !steps[event.key] || !card) return;
    // In a row, the fields leave up and down to it; in a card these keys move their cursor.
    if (card.matches("tr") ? !/Up|Down/.test(event.key) : event.target.matches("input, textarea")) return;
    event.preventDefault();
    moveBy(card.dataset.shot, steps[event.key]);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "order" || wasSaved(event.detail) || event.detail.xhr.status === 409) return;
    arrange(before);
    toast("The shot was not moved.", "failed");
  });
}
