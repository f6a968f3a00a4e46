// Drawing upon the picture, and looking at what others drew there. What is being drawn stands as
// JSON in the form's own field, so that a refused form brings it back.

import { draw, sheetOver, simplified } from "./drawing-strokes.js";
import { pin } from "./notes-time.js";
import { playhead } from "./playhead.js";

const MOST_STROKES = 64;
const MOST_POINTS = 2000;
// A stroke shorter than this was a press by accident, but for the pen's dots.
const SHORTEST = 0.01;

let shown = null; // { strokes, says, fromMs, toMs }
let tool = "";
let stroke = null;

const form = () => document.getElementById("note-form");
const overlay = () => document.querySelector("[data-overlay]");
const field = () => form()?.elements.drawing;

function drafted() {
  try {
    return JSON.parse(field()?.value || "[]");
  } catch {
    return [];
  }
}

const isNear = (ms, fromMs, toMs) => ms >= fromMs - playhead.frameMs && ms <= (toMs ?? fromMs) + playhead.frameMs;

function redraw() {
  const over = overlay();
  if (!over) return;
  const strokes = drafted();
  if (!shown && !strokes.length && !stroke && !over.firstElementChild) return;
  const sheet = sheetOver(over);
  if (shown && (playhead.isPlaying || !isNear(playhead.ms, shown.fromMs, shown.toMs))) shown = null;
  draw(sheet.querySelector(".shown"), shown?.strokes ?? []);
  draw(sheet.querySelector(".draft"), stroke ? [...strokes, stroke] : strokes);
  sheet.setAttribute("aria-label", shown ? `Drawing: ${shown.says}` : strokes.length ? "Your drawing" : "Nothing is drawn");
}

function keep(strokes) {
  field().value = strokes.length ? JSON.stringify(strokes) : "";
  field().dispatchEvent(new Event("input", { bubbles: true })); // as of typing: it is kept
  for (const button of form().querySelectorAll("[data-draw]")) button.disabled = !strokes.length;
  redraw();
}

function say(text) {
  form().querySelector(".draw-says").textContent = text;
}

function take(next) {
  tool = next === tool ? "" : next;
  overlay()?.classList.toggle("is-drawn-on", Boolean(tool));
  for (const button of form()?.querySelectorAll("[data-tool]") ?? []) button.ariaPressed = String(button.dataset.tool === tool);
  if (!tool) return say("");
  playhead.pause();
  pin(form());
  say("Draw on the picture.");
  overlay()?.scrollIntoView({ block: "nearest" });
}

function pointOf(event) {
  const box = overlay().getBoundingClientRect();
  const part = (at, from, size) => Math.round(Math.min(1, Math.max(0, (at - from) / size)) * 10_000) / 10_000;
  return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
}

function begin(event) {
  if (!tool || !event.target.closest("[data-overlay]") || event.button) return;
  event.preventDefault();
  const strokes = drafted();
  if (strokes.length >= MOST_STROKES) return say(`A drawing has at most ${MOST_STROKES} strokes.`);
  shown = null;
  overlay().setPointerCapture(event.pointerId);
  const at = pointOf(event);
  stroke = { kind: tool, colour: form().elements.ink.value, points: tool === "pen" ? [at] : [at, at] };
  redraw();
}

function extend(event) {
  if (!stroke) return;
  if (stroke.kind === "pen") stroke.points.push(...(event.getCoalescedEvents?.() ?? [event]).map(pointOf));
  else stroke.points[1] = pointOf(event);
  redraw();
}

function end(event) {
  if (!stroke) return;
  const done = stroke.kind === "pen" ? { ...stroke, points: simplified(stroke.points) } : stroke;
  stroke = null;
  const [[x, y], [a, b] = [x, y]] = done.points;
  const isTiny = done.kind !== "pen" && Math.hypot(a - x, b - y) < SHORTEST;
  const strokes = [...drafted(), done];
  const points = strokes.reduce((sum, each) => sum + each.points.length, 0);
  if (event.type === "pointercancel" || isTiny) return redraw();
  if (points > MOST_POINTS) say("The drawing is full. Take back a stroke.");
  else keep(strokes);
  redraw();
}

// A note's drawing over the picture, until the film moves on.
export async function show(address, fromMs, toMs) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const { strokes, says } = await answer.json();
  shown = { strokes, says, fromMs, toMs };
  redraw();
}

export function forget() {
  shown = null;
  redraw();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("#note-form :is([data-tool], [data-draw])");
  if (!button) return;
  if (button.dataset.tool) take(button.dataset.tool);
  else keep(button.dataset.draw === "undo" ? drafted().slice(0, -1) : []);
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && tool) take("");
});
document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", extend);
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
// A press on the picture plays and pauses; while it is drawn on, it does not.
document.addEventListener("click", (event) => tool && event.target.closest("[data-overlay]") && event.stopPropagation(), true);
document.addEventListener("htmx:load", () => {
  if (!form()) return;
  const strokes = drafted();
  for (const button of form().querySelectorAll("[data-draw]")) button.disabled = !strokes.length;
  // A fresh form has no tool in its hand.
  if (tool && !form().querySelector("[data-tool][aria-pressed=true]")) take("");
  redraw();
});
document.addEventListener("draftBack", ({ target }) => target === form() && keep(drafted()));
playhead.watch(() => (shown || drafted().length) && redraw());
addEventListener("resize", redraw);
