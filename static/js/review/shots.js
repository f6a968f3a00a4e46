// The shots of a take: their times wind the film, Fix asks what to fix, and what somebody types is
// never swapped away by what others mark meanwhile.

import { drop } from "./drafts.js";
import { playhead } from "./playhead.js";

const KEYS = ["0", "1", "2"];
const fieldOf = (row) => row.querySelector(".fix-note textarea");
const isTyping = (row) => row.classList.contains("opened") || (fieldOf(row) && fieldOf(row).value !== fieldOf(row).defaultValue);

function open(row) {
  row.classList.add("opened");
  fieldOf(row).focus();
}

function close(row) {
  fieldOf(row).value = fieldOf(row).defaultValue;
  drop(fieldOf(row).form);
  row.classList.remove("opened");
  row.querySelector("[data-open-fix]").focus();
}

function windTo(ms) {
  playhead.pause();
  playhead.seek(ms);
  // On a narrow screen the film may be out of sight.
  document.querySelector("[data-overlay]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-shot-row]");
  if (!row) return;
  const time = event.target.closest("[data-seek]");
  if (time) windTo(Number(time.dataset.seek));
  if (event.target.closest("[data-close-fix]")) close(row);
  if (!event.target.closest("[data-open-fix]")) return;
  event.preventDefault();
  event.stopPropagation();
  open(row);
}, true);

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-shot-row]");
  if (!row || event.altKey || event.isComposing) return;
  const inField = event.target === fieldOf(row);
  const sends = inField && event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (sends) row.querySelector("[id$='-save']").click();
  else if (inField && event.key === "Escape") close(row);
  else if (!inField && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey) row.querySelector(`[data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// A pulse brings rows anew: one that is being written in is sent with what was seen when it began.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  if (target.matches?.("[data-shot-row]") && isTyping(target)) event.detail.shouldSwap = false;
});

// Swapped with all of the room, a row keeps its text; it is to be seen, too.
document.addEventListener("htmx:afterSettle", () => {
  for (const row of document.querySelectorAll("[data-shot-row]")) if (isTyping(row)) row.classList.add("opened");
});

document.addEventListener("draftBack", ({ target }) => target.closest("[data-shot-row]")?.classList.add("opened"));

// Where the film is.
playhead.watch(({ ms, lastsMs }) => {
  for (const row of document.querySelectorAll("[data-shot-row]")) {
    const isHere = lastsMs > 0 && Number(row.dataset.shotRow) <= ms && ms < Number(row.dataset.ends);
    if (isHere !== row.hasAttribute("data-plays")) row.toggleAttribute("data-plays", isHere);
  }
});

// From the board: the address names a shot, and the film goes there once it can.
const named = /^#shot-\d+$/.test(location.hash) && document.querySelector(location.hash);
if (named) {
  let stop = () => {};
  let isThere = false;
  stop = playhead.watch(({ lastsMs }) => {
    if (isThere || !lastsMs) return;
    isThere = true;
    queueMicrotask(() => { stop(); playhead.seek(Number(named.dataset.shotRow)); });
  });
}
