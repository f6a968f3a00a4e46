// All camera moves side by side: drawn three at a time, at one speed, moving or still.

import { comesStill, isStill, press, show, toggle } from "./screens.js";

const AT_ONCE = 3;
const PATIENCE_MS = 200;

let round = null;
let timer = 0;

const gallery = () => document.getElementById("all-moves");

function addressOf(screen) {
  const speed = gallery().querySelector("[name=speed]").value;
  const query = new URLSearchParams({ motion: screen.dataset.motion, speed, of: gallery().dataset.of });
  if (isStill()) query.set("still", "1");
  return `${gallery().dataset.at}?${query}`;
}

// What is looked at comes first.
function taken(screens) {
  const isSeen = (screen) => {
    const { top, bottom } = screen.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  return screens.splice(Math.max(0, screens.findIndex(isSeen)), 1)[0];
}

async function work(screens, signal) {
  for (let screen = taken(screens); screen; screen = taken(screens)) {
    const address = addressOf(screen);
    if (screen.dataset.shown === address) continue;
    const { says = "" } = await show(screen, address, { signal });
    if (says) screen.textContent = says;
    screen.dataset.shown = says ? "" : address;
  }
}

function refresh() {
  round?.abort();
  if (!gallery()) return;
  round = new AbortController();
  const screens = [...gallery().querySelectorAll(".screen[data-motion]")];
  for (let i = 0; i < AT_ONCE; i += 1) work(screens, round.signal).catch(() => {}); // another round took its place
}

function change(event) {
  const slider = event.target.closest("#all-moves [name=speed]");
  if (!slider) return;
  gallery().querySelector("output").textContent = Number(slider.value).toFixed(2).replace(/0$/, "");
  // Chosen with the move, once somebody has set it.
  for (const field of gallery().querySelectorAll("form[data-edit] [name=speed]")) {
    field.disabled = false;
    field.value = slider.value;
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, PATIENCE_MS);
}

export function showAll() {
  press(gallery().querySelector("[data-still]"));
  gallery().querySelector("[aria-current] button")?.focus();
  // As a page of its own it came with its pictures.
  if (isStill() !== comesStill() || gallery().querySelector("[data-waits]")) refresh();
}

document.addEventListener("input", change);
document.addEventListener("submit", (event) => event.target.matches("#all-moves > form") && event.preventDefault());
document.addEventListener("click", (event) => {
  const button = event.target.closest("#all-moves [data-still]");
  if (!button) return;
  event.preventDefault();
  toggle();
  press(button);
  refresh();
});
document.addEventListener("close", (event) => event.target.id === "dialog" && round?.abort(), true);
if (gallery()) showAll();
