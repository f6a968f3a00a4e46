// Others at the same board: what they change appears, and who they are stands in the head.

import { isBusy, isHeld } from "./saving.js";
import { revision } from "./typing.js";
import { windowName } from "./window.js";

const OFTEN_MS = 1_500;
const SELDOM_MS = 5_000;
const IDLE_AFTER_MS = 60_000;
const NEWS_STAYS_MS = 10_000;
const COLOURS = [0, 1, 2, 3, 4, 5].map((number) => `person-${number}`);

let last = Date.now();
let isComposing = false;
let fading = 0;

const shotInView = () => new URLSearchParams(location.search).get("shot") ?? "";
const mayChange = () => !isBusy() && !isHeld() && !isComposing;

// Rings on the cards that others have before them.
function markPlaces(board) {
  const places = new Map();
  for (const person of document.querySelectorAll("#presence [data-shot]")) {
    if (person.dataset.shot) places.set(person.dataset.shot, person);
  }
  for (const card of board.querySelectorAll("[data-with]")) {
    delete card.dataset.with;
    card.classList.remove(...COLOURS);
  }
  for (const card of board.querySelectorAll("#grid [data-shot]")) {
    const person = places.get(card.dataset.shot);
    if (!person) continue;
    card.dataset.with = person.dataset.initials;
    card.classList.add(...COLOURS.filter((colour) => person.classList.contains(colour)));
  }
}

function letNewsFade() {
  const news = document.getElementById("news");
  if (!news || news.hidden) return;
  clearTimeout(fading);
  fading = setTimeout(() => { document.getElementById("news").hidden = true; }, NEWS_STAYS_MS);
}

export async function seeOthers(board) {
  const pulse = document.getElementById("pulse");
  const name = await windowName;

  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.elt === pulse && !mayChange()) event.preventDefault();
  });

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== pulse) return;
    detail.parameters.set("rev", revision());
    detail.parameters.set("window", name);
    detail.parameters.set("shot", shotInView());
    detail.parameters.set("flags", document.getElementById("flags").dataset.version);
    detail.parameters.set("here", document.getElementById("presence").dataset.here ?? "");
  });

  // An edit made meanwhile has its own answer, which is newer than this one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    if (requestConfig.elt !== pulse || xhr.status !== 200) return;
    const brought = Number(xhr.getResponseHeader("X-Revision"));
    if (!mayChange() || brought < revision()) return event.preventDefault();
    if (brought === revision()) return;
    last = Date.now();
    // What they offer to take back is somebody else's edit by now.
    for (const offer of document.querySelectorAll("[data-passing]")) offer.remove();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    markPlaces(board);
    if (event.detail.requestConfig?.elt === pulse) letNewsFade();
  });

  for (const kind of ["input", "pointerdown", "keydown"]) addEventListener(kind, () => { last = Date.now(); });
  addEventListener("compositionstart", () => { isComposing = true; });
  addEventListener("compositionend", () => { isComposing = false; });

  let timer = 0;
  const beat = () => {
    clearTimeout(timer);
    timer = setTimeout(beat, Date.now() - last > IDLE_AFTER_MS ? SELDOM_MS : OFTEN_MS);
    htmx.trigger(pulse, "pulse");
  };
  beat();
}
