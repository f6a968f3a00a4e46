// Notes upon the timeline: a dot for a frame, a bar for a range. For the mouse alone: the list says
// the same to everybody else, in the same order.

import { open } from "./notes.js";
import { playhead } from "./playhead.js";

let drawnFor = "";

const track = () => document.querySelector("[data-markers]");
const threads = () => [...document.querySelectorAll("#notes-list .thread[data-from]")];

function marker(thread, lastsMs) {
  const { from, to } = thread.dataset;
  const place = document.createElement("span");
  place.className = `note-marker ${thread.classList.contains("client") ? "client" : "internal"}`;
  place.classList.toggle("range", Boolean(to));
  place.classList.toggle("resolved", thread.classList.contains("resolved"));
  place.style.left = `${Math.min(100, (from / lastsMs) * 100)}%`;
  if (to) place.style.width = `${((to - from) / lastsMs) * 100}%`;
  const who = thread.querySelector(".by strong")?.textContent ?? "";
  const said = thread.querySelector(".said")?.textContent ?? "";
  place.title = `${who}: ${said.slice(0, 120)}`;
  place.dataset.thread = thread.id;
  return place;
}

function mark() {
  const over = track();
  const lastsMs = playhead.lastsMs || Number(document.getElementById("notes")?.dataset.length);
  if (!over || !lastsMs) return;
  let marks = over.querySelector(":scope > .note-markers");
  const shown = threads();
  const now = `${lastsMs} ${shown.map(({ id, className, dataset }) => `${id} ${className} ${dataset.from}-${dataset.to}`)}`;
  if (marks && now === drawnFor) return;
  drawnFor = now;
  if (!marks) {
    marks = document.createElement("div");
    marks.className = "note-markers";
    marks.ariaHidden = "true";
    over.append(marks);
  }
  marks.replaceChildren(...shown.map((thread) => marker(thread, lastsMs)));
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".note-marker");
  const thread = pressed && document.getElementById(pressed.dataset.thread);
  if (!thread) return;
  event.stopPropagation();
  open(thread);
}, true);
// The timeline seeks where it is pressed; a marker goes to its note.
document.addEventListener("pointerdown", (event) => event.target.closest?.(".note-marker") && event.stopPropagation(), true);
document.addEventListener("htmx:load", mark);
let lastedMs = 0;
playhead.watch(({ lastsMs }) => {
  if (lastsMs === lastedMs) return;
  lastedMs = lastsMs;
  mark();
});
mark();
