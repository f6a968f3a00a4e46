// The time of the note that is being written, as the player has it.

import { playhead } from "./playhead.js";

// `0:18.4`: as the server writes it.
export function clock(ms) {
  const whole = Math.max(0, Math.round(ms));
  const fraction = whole % 1000 ? `.${String(whole % 1000).padStart(3, "0").replace(/0+$/, "")}` : "";
  const seconds = Math.floor(whole / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}${fraction}`;
}

const lengthOf = (form) => Number(form.closest("[data-length]").dataset.length);

function set(form, fromMs, toMs) {
  const within = (ms) => clock(Math.min(ms, lengthOf(form)));
  form.elements.begins.value = within(fromMs);
  form.elements.ends.value = toMs === undefined ? "" : within(toMs);
  form.dataset.pinned = "";
}

// To where the film is, or to the range that the player repeats. A time that was typed or taken
// before stays, unless `anew`.
export function pin(form, anew = false) {
  if (!playhead.lastsMs || (!anew && (form.elements.begins.value || "pinned" in form.dataset))) return;
  const { ms, range } = playhead;
  if (range && ms >= range.fromMs && ms <= range.toMs) set(form, range.fromMs, range.toMs);
  else set(form, ms);
}

// About the whole take: also when one types on.
export function unpin(form) {
  form.elements.begins.value = form.elements.ends.value = "";
  form.dataset.pinned = "";
}
