// Writing notes beside the player, and going to where they are.

import { toast } from "../toasts.js";
import { forget, show } from "./drawing.js";
import { pin, unpin } from "./notes-time.js";
import { playhead } from "./playhead.js";
import { reveal } from "./tabs.js";

const list = () => document.getElementById("notes-list");

document.addEventListener("input", ({ target }) => {
  if (!target.matches("#notes textarea")) return;
  playhead.pause();
  const form = target.closest("#note-form");
  if (form && target.value) pin(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("#notes form, .note-edit");
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

// To the note's time, and what was drawn there over the picture.
function go(timecode) {
  const { seek, loop, drawing } = timecode.dataset;
  const [fromMs, toMs] = [Number(seek), loop && Number(loop)];
  playhead.pause();
  if (toMs) playhead.loop(fromMs, toMs);
  playhead.seek(fromMs);
  document.querySelector("[data-overlay]")?.scrollIntoView({ block: "nearest" });
  // The next key, such as Space, is for the player.
  if (document.activeElement === timecode) timecode.closest(".remark")?.focus({ preventScroll: true });
  if (drawing) show(drawing, fromMs, toMs || undefined);
  else forget();
}

export function open(thread) {
  reveal(thread);
  const folded = thread.querySelector(":scope > details");
  if (folded) folded.open = true;
  const note = thread.querySelector(".remark");
  note.scrollIntoView({ block: "nearest" });
  note.focus({ preventScroll: true });
  const timecode = thread.querySelector("[data-seek]");
  if (timecode) go(timecode);
}

document.addEventListener("click", ({ target }) => {
  const form = target.closest("#note-form");
  if (target.closest("[data-pin]")) pin(form, true);
  else if (target.closest("[data-unpin]")) unpin(form);
  else if (target.closest(":is(#notes, .note-history) [data-seek]")) go(target.closest("[data-seek]"));
});

// How many are open, on the tab.
function count() {
  const tab = document.getElementById("tab-notes-part");
  const open = list()?.dataset.open;
  if (!tab || tab.dataset.count === open) return;
  tab.dataset.count = open;
  tab.querySelector(".count")?.remove();
  if (!Number(open)) return;
  const badge = document.createElement("span");
  badge.className = "count number";
  badge.textContent = open;
  badge.setAttribute("aria-label", `${open} open`);
  tab.append(" ", badge);
}

document.addEventListener("notesChanged", ({ detail: { says, note } }) => {
  const aloud = document.getElementById("notes-says");
  if (aloud) aloud.textContent = says;
  forget();
  // What was pressed has gone with the swap: the next key is for the page, beside what changed.
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const thread = document.getElementById(`note-${note}`)?.closest(".threads > li");
    const place = thread?.querySelector(".remark") ?? document.getElementById("notes-heading");
    place?.focus({ preventScroll: true });
  });
});

// By the link of a notice: also to a note that is resolved.
async function follow() {
  const [, pk] = location.hash.match(/^#note-(\d+)$/) ?? [];
  if (!pk || !list()) return;
  const found = () => document.getElementById(`note-${pk}`)?.closest(".threads > li");
  if (!found()) {
    const address = list().getAttribute("hx-get").split("?")[0];
    await htmx.ajax("get", `${address}?show=all`, { target: list(), swap: "outerHTML" }).catch(() => {});
  }
  if (found()) open(found());
  else toast("This note is not here any more.", "noted");
}

document.addEventListener("htmx:load", count);
addEventListener("hashchange", follow);
count();
addEventListener("load", follow);
