// The right edge of a segment is a slider of its shot's length: by mouse, by touch, by keyboard.
// The length goes into the shot's own duration field, so it is saved, refused or kept as if typed.

import { toast } from "../toasts.js";
import { inWords, preview, totalNow } from "./lengths.js";
import { hold, isBusy } from "./saving.js";

const SNAP_MS = 100;
const FINE_MS = 10;
const MIN_MS = 500;
const MAX_MS = 600_000;

let dragged = null;

const segmentOf = (edge) => edge.closest(".segment");
const numberOf = (segment) => segment.querySelector(".place").textContent;

function say(edge, ms) {
  edge.setAttribute("aria-valuenow", ms / 1000);
  edge.setAttribute("aria-valuetext", inWords(ms));
  edge.dataset.says = inWords(ms);
}

function addEdges() {
  for (const segment of document.querySelectorAll("#segments > .segment")) {
    if (segment.querySelector(".edge")) continue;
    const edge = document.createElement("span");
    edge.id = `edge-${segment.dataset.shot}`;
    edge.className = "edge";
    edge.tabIndex = 0;
    edge.role = "slider";
    edge.ariaLabel = `Length of shot ${numberOf(segment)}`;
    edge.ariaValueMin = MIN_MS / 1000;
    edge.ariaValueMax = MAX_MS / 1000;
    if ("locked" in segment.dataset) edge.ariaDisabled = "true";
    say(edge, Number(segment.dataset.ms));
    segment.append(edge);
  }
}

function show(edge, ms) {
  const segment = segmentOf(edge);
  const within = Math.min(MAX_MS, Math.max(MIN_MS, ms));
  segment.dataset.ms = within;
  segment.querySelector(".number").textContent = inWords(within);
  say(edge, within);
  preview();
}

function commit(edge) {
  const segment = segmentOf(edge);
  const field = document.querySelector(`#grid > [data-shot="${segment.dataset.shot}"] [name=duration]`);
  field.value = segment.dataset.ms / 1000;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  htmx.trigger(field.form, "save");
}

function refusesEdge(segment) {
  if (!("locked" in segment.dataset)) return false;
  toast(`Shot ${numberOf(segment)} is locked. Unlock it to change its length.`, "noted");
  return true;
}

function startDrag(event) {
  const edge = event.target.closest(".edge");
  if (!edge || event.button) return;
  // Neither the segment is dragged nor a card let go: this press is the edge's alone.
  event.stopPropagation();
  event.preventDefault();
  if (isBusy() || refusesEdge(segmentOf(edge))) return;
  const track = document.getElementById("segments").clientWidth;
  const from = Number(segmentOf(edge).dataset.ms);
  const verdict = document.querySelector(".verdict");
  dragged = { edge, from, x: event.clientX, scale: Math.max(60_000, totalNow()) / track, verdict, was: verdict.cloneNode(true) };
  edge.setPointerCapture(event.pointerId);
  edge.focus({ preventScroll: true });
  hold(true);
}

function drag(event) {
  if (!dragged || event.target !== dragged.edge) return;
  const step = event.shiftKey ? FINE_MS : SNAP_MS;
  const wanted = dragged.from + (event.clientX - dragged.x) * dragged.scale;
  dragged.edge.classList.add("held");
  show(dragged.edge, Math.round(wanted / step) * step);
}

function endDrag(isKept) {
  if (!dragged) return;
  const { edge, from, verdict, was } = dragged;
  dragged = null;
  edge.classList.remove("held");
  if (isKept && Number(segmentOf(edge).dataset.ms) !== from) commit(edge);
  else {
    show(edge, from);
    verdict.replaceWith(was);
  }
  hold(false);
}

function pressed(event) {
  if (event.key === "Escape") endDrag(false);
  const edge = event.target.closest?.(".edge");
  const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!edge || !direction || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (refusesEdge(segmentOf(edge))) return;
  const step = event.shiftKey ? 1000 : SNAP_MS;
  show(edge, Number(segmentOf(edge).dataset.ms) + direction * step);
  edge.dataset.pressed = "";
}

// A key that is held down is one edit, made when it is let go.
function released({ target }) {
  if (!target.matches?.(".edge[data-pressed]")) return;
  delete target.dataset.pressed;
  commit(target);
}

export function dragEdges(board) {
  addEdges();
  document.addEventListener("htmx:oobAfterSwap", addEdges);
  board.addEventListener("pointerdown", startDrag, true);
  board.addEventListener("pointermove", drag);
  board.addEventListener("pointerup", () => endDrag(true));
  board.addEventListener("pointercancel", () => endDrag(false));
  board.addEventListener("click", (event) => event.target.closest(".edge") && event.stopPropagation(), true);
  board.addEventListener("keydown", pressed);
  board.addEventListener("keyup", released);
  board.addEventListener("focusout", released);
}
