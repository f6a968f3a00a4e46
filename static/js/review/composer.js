// The form for a note: one line until somebody writes, and the same form again to edit a note, with
// its time and drawing over the picture.

import { playhead } from "./playhead.js";
import { reveal } from "./tabs.js";

const form = () => document.getElementById("note-form");
// While a tool is in the hand, a press upon the picture draws.
const isUsed = ({ elements: { text, begins, drawing }, dataset }) =>
  Boolean(text.value || begins.value || drawing.value || dataset.edits || form().querySelector("[data-tool][aria-pressed=true]"));

document.addEventListener("focusin", ({ target }) => target.closest("#note-form")?.classList.add("opened"));

// Once the press is over, so that nothing moves from under the pointer.
document.addEventListener("click", ({ target }) => {
  const here = form();
  if (!here?.classList.contains("opened") || here.contains(target) || !target.isConnected) return;
  if (!isUsed(here) && !target.closest(".player")) here.classList.remove("opened");
});

document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("#note-form");
  if (event.key !== "Escape" || event.defaultPrevented || !here || isUsed(here)) return;
  event.target.blur();
  here.classList.remove("opened");
});

document.addEventListener("draftBack", ({ target }) => {
  if (target.id === "note-form") {
    target.classList.add("opened");
    target.dataset.pinned = ""; // its time is what it was, also if it had none
  }
  const folded = target.closest("details.answer");
  if (folded) folded.open = true;
});

// To the moment that the note is about.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (!elt.matches?.("#note-form[data-edits]")) return;
  reveal(elt);
  const { from, to } = elt.dataset;
  playhead.pause();
  if (to) playhead.loop(Number(from), Number(to));
  if (from) playhead.seek(Number(from));
});

document.addEventListener("click", ({ target }) => {
  const stops = target.closest("[data-stop-editing]");
  if (!stops) return;
  const note = form().dataset.edits;
  document.addEventListener("htmx:afterSettle", () => {
    document.getElementById(`note-${note}`)?.focus({ preventScroll: true });
  }, { once: true });
});
