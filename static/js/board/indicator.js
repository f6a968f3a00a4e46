// What the person is told about saving: never “Saved” before the answer of the commit has come.

import { revision, unsavedIn } from "./typing.js";

const spoken = {
  offline: "Offline. What you type is kept on this device.",
  failed: "Not saved: press Try again.",
  retrying: "Not saved yet. The studio tries again by itself.",
  "signed-out": "You are signed out. What you typed is kept on this device.",
};
let last = "";

function write(text, icon, mood) {
  const state = document.getElementById("save-state");
  state.className = `save-state ${mood}`;
  state.querySelector(".text").textContent = text;
  state.querySelector(".icon").className = `icon icon-${icon}`;
  document.getElementById("try-again").hidden = !spoken[mood];
  // Read aloud, it outlives the swaps: what was saved or refused is written there by the answer.
  if (mood !== last && spoken[mood]) document.getElementById("save-says").textContent = spoken[mood];
  last = mood;
}

const SAYS = {
  offline: ["Offline · kept on this device", "wifi-off"],
  failed: ["Not saved", "circle-alert"],
  retrying: ["Not saved · retrying", "refresh-cw"],
  "signed-out": ["Signed out · kept on this device", "circle-alert"],
  conflict: ["Not saved · choose a version", "circle-alert"],
  refused: ["Not saved · see below", "circle-alert"],
};

// `trouble` is one of those above, or empty; `edits` counts those on their way and those waiting.
export function tell(board, trouble, edits) {
  const [text, icon] = SAYS[trouble] ?? ["Saving…", "refresh-cw"];
  const others = edits > 1 ? ` · ${edits} edits` : "";
  if (trouble || edits) return write(text + others, icon, trouble || "saving");
  const unsaved = unsavedIn(board);
  if (unsaved.some((field) => field.getAttribute("aria-invalid") === "true"))
    return write(...SAYS.refused, "refused");
  if (unsaved.length) return write("Not saved yet", "pencil", "typing");
  return write(`Saved · rev ${revision()}`, "check", "");
}
