// The order of the waiting takes: by dragging, by Alt and the arrow keys, by a row's menu.

import { toast } from "../toasts.js";

const ROWS = ".desk-row[data-take]:not(.sortable-fallback)";

const live = () => document.getElementById("desk-live");
const line = () => document.querySelector("[data-line]");
const orderNow = () => [...line().querySelectorAll(ROWS)].map((row) => row.dataset.take);

let before = "";
let toFocus = "";

// Sent by the section, not by the pulse around it: that one waits while something is pressed.
function send(order) {
  const source = line();
  htmx.ajax("post", source.dataset.line, { values: { order }, target: "#desk-live", swap: "outerHTML", source });
}

function makeSortable() {
  const place = line();
  if (!place || Sortable.get(place)) return;
  Sortable.create(place, {
    animation: 140,
    draggable: ROWS,
    handle: ".grip",
    forceFallback: true,
    fallbackTolerance: 4,
    ghostClass: "ghost",
    dragClass: "dragged",
    onStart: () => {
      before = orderNow().join();
      live().toggleAttribute("data-held", true);
    },
    onEnd: () => {
      live().toggleAttribute("data-held", false);
      const order = orderNow().join();
      if (order !== before) send(order);
    },
  });
}

// The row that something was done to by its menu is looked at: the focus goes on with it.
function follow() {
  if (!toFocus) return;
  const row = document.getElementById(`desk-row-${toFocus}`);
  toFocus = "";
  row?.querySelector("[popovertarget]")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

export function arrangeLine() {
  makeSortable();
  document.addEventListener("htmx:afterSettle", () => {
    makeSortable();
    follow();
  });

  document.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const row = event.target.closest?.(ROWS);
    const move = way && event.altKey && row?.querySelector(`[data-moves] [value=${way}]`);
    if (!move) return;
    event.preventDefault();
    move.click();
  });

  document.addEventListener("htmx:configRequest", ({ detail: { elt } }) => {
    if (elt.hasAttribute("data-pulse")) return;
    toFocus = elt.closest(".menu form")?.closest(ROWS)?.dataset.take ?? "";
  });

  document.addEventListener("htmx:sendError", ({ detail: { elt } }) => {
    if (elt.dataset?.line || elt.closest?.("[data-moves]")) toast("The order was not changed. Try again.", "failed");
  });
}
