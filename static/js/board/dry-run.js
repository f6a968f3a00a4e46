// The dry run beside the camera's fields: the move as they say it, before it is saved.

import { comesStill, isStill, press, show, toggle } from "./screens.js";
import { now, said } from "./typing.js";

const TRIED = { motion: "motion", speed: "speed", temperature: "light_temperature", intensity: "light_intensity", style: "light_style", x: "subject_x", y: "subject_y" };
const PATIENCE_MS = 140;

let running = null;
let timer = 0;

const figure = () => document.querySelector(".dry-run[data-at]");
const fieldOf = (run, name) => document.getElementById(`${run.dataset.of}-${name}`);

// A number for a text: another address for another picture.
const numberOf = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);

// Which picture is filmed: the shot's own, or the one drawn from its saved prompt.
function pictureOf(run) {
  const own = document.querySelector(`#${run.dataset.of}-part-reference img[id^=large]`);
  const prompt = fieldOf(run, "prompt");
  return own ? own.id : String(numberOf(prompt ? said(prompt) : ""));
}

function addressOf(run) {
  const query = new URLSearchParams();
  for (const [short, name] of Object.entries(TRIED)) {
    const field = fieldOf(run, name);
    if (field) query.set(short, field.value.trim());
  }
  if (isStill()) query.set("still", "1");
  query.set("of", pictureOf(run));
  return `${run.dataset.at}?${query}`;
}

function say(run, { says = "", isUnknown = false }) {
  run.classList.toggle("unknown", isUnknown);
  run.querySelector(".says").textContent = says;
}

// What is to be said of a loop that is shown, such as that its style has no look.
async function noteOf(address, signal) {
  try {
    const answer = await fetch(address, { method: "HEAD", signal });
    return decodeURIComponent(answer.headers.get("X-Says") ?? "");
  } catch {
    return "";
  }
}

async function refresh() {
  const run = figure();
  const address = run && addressOf(run);
  if (!run || run.dataset.shown === address) return;
  run.dataset.shown = address;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  run.setAttribute("aria-busy", "true");
  try {
    const begun = () => say(run, {});
    const outcome = await show(run.querySelector(".screen"), address, { signal, onBegin: begun });
    if (!outcome.says && fieldOf(run, "light_style")?.value) outcome.says = await noteOf(address, signal);
    if (!signal.aborted) say(run, outcome);
    if (outcome.says && !run.querySelector(".screen img")) run.dataset.shown = "";
  } catch {
    return; // another one has taken its place
  } finally {
    if (!signal.aborted) run.removeAttribute("aria-busy");
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PATIENCE_MS);
}

// Another shot's figure came with the inspector, its saved values already on the screen.
function meet() {
  const run = figure();
  if (!run) return;
  press(run.querySelector("[data-still]"));
  if (run.dataset.shown === undefined) {
    const isSaved = Object.values(TRIED).every((name) => !fieldOf(run, name) || now(fieldOf(run, name)) === said(fieldOf(run, name)));
    if (isSaved && comesStill() === isStill()) run.dataset.shown = addressOf(run);
  }
  soon();
}

export function runDry(board) {
  meet();
  document.addEventListener("htmx:afterSettle", meet);
  const change = (event) => Object.values(TRIED).some((name) => event.target.name === name) && soon();
  board.addEventListener("input", change);
  board.addEventListener("change", change);
  board.addEventListener("click", (event) => {
    if (!event.target.closest(".dry-run [data-still]")) return;
    toggle();
    meet();
  });
  document.addEventListener("htmx:afterSwap", async (event) => {
    if (event.detail.target.id === "dialog" && document.getElementById("all-moves")) (await import("./all-moves.js")).showAll();
  });
}
