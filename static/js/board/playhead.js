// The playhead upon the timeline strip. The film was cut as the board stood when it was drawn; each
// of its shots is found on the strip as it is now, so the two go together even after an edit.

import { cutAt } from "../player/transport.js";

const timeline = document.getElementById("timeline");
const head = document.getElementById("playhead");

const segmentOf = (cut) => document.getElementById(`segment-${cut.shot}`);

// Where a moment of the film stands on the strip, in pixels; null when its shot has gone.
function placeOf(cuts, ms) {
  const cut = cuts[Math.max(0, cutAt(cuts, ms))];
  const segment = segmentOf(cut);
  if (!segment) return null;
  const share = Math.min(1, (ms - cut.from) / (cut.to - cut.from));
  return segment.offsetLeft + share * segment.offsetWidth;
}

// Which moment of the film is meant by a place on the strip. A shot that it does not have yet
// means the end of the one before.
function momentAt(cuts, x) {
  let ms = 0;
  for (const segment of document.querySelectorAll("#segments > .segment")) {
    const cut = cuts.find(({ shot }) => shot === segment.dataset.shot);
    const past = x - segment.offsetLeft;
    if (past < 0) break;
    if (cut) ms = cut.from + Math.min(1, past / segment.offsetWidth) * (cut.to - cut.from);
  }
  return ms;
}

function mark(shot) {
  for (const part of document.querySelectorAll("[data-plays]")) {
    if (part.dataset.shot !== shot) delete part.dataset.plays;
  }
  for (const part of document.querySelectorAll(`#segment-${shot}, #grid > [data-shot="${shot}"]`)) part.dataset.plays = "";
}

// `film` has `cuts`, `lasts` (ms), `now()`, `seek(ms)`, `says(ms)` and `press(event)` for keys.
export function makePlayhead(film) {
  let queued = 0;
  let marked = "";
  const gone = new AbortController();
  const { signal } = gone;

  const draw = () => {
    const ms = film.now();
    const x = placeOf(film.cuts, ms);
    head.hidden = x === null;
    if (x !== null) head.style.transform = `translateX(${x}px)`;
    const { shot } = film.cuts[Math.max(0, cutAt(film.cuts, ms))];
    if (shot !== marked) mark(marked = shot);
    head.ariaValueNow = (ms / 1000).toFixed(1);
    head.ariaValueText = film.says(ms);
  };
  // Edits swap the strip and the cards, and an edge that is dragged moves all after it.
  const soon = () => {
    queued ||= requestAnimationFrame(() => {
      queued = 0;
      marked = "";
      draw();
    });
  };

  const drag = ({ clientX }) => film.seek(momentAt(film.cuts, clientX - timeline.getBoundingClientRect().left));
  const listen = (kind, does) => timeline.addEventListener(kind, does, { signal });
  listen("pointerdown", (event) => {
    if (event.button || !event.target.closest("#ruler, #playhead")) return;
    event.preventDefault();
    timeline.setPointerCapture(event.pointerId);
    head.focus({ preventScroll: true });
    drag(event);
  });
  listen("pointermove", (event) => timeline.hasPointerCapture(event.pointerId) && drag(event));
  listen("keydown", (event) => event.target === head && film.press(event));

  const changes = new MutationObserver(soon);
  changes.observe(timeline, { subtree: true, childList: true, attributeFilter: ["data-ms"] });
  document.addEventListener("htmx:afterSettle", soon, { signal });
  const sizes = new ResizeObserver(soon);
  sizes.observe(timeline);
  head.ariaValueMin = 0;
  head.ariaValueMax = film.lasts / 1000;
  timeline.dataset.played = "";
  soon();

  return {
    draw,
    remove() {
      gone.abort();
      changes.disconnect();
      sizes.disconnect();
      cancelAnimationFrame(queued);
      mark("");
      head.hidden = true;
      delete timeline.dataset.played;
    },
  };
}
