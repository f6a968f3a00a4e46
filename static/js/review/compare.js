// The page that puts two takes beside each other: one playhead with its controls (`data-keys` are
// their keys), and the address, which keeps moment and mode when another take is chosen.

import { Frames } from "../player/frames.js";
import { InStep } from "./compare-playing.js";
import { Looking } from "./compare-looking.js";

const two = (number) => String(number).padStart(2, "0");

const clock = (ms) => {
  const hundredths = Math.floor(ms / 10);
  return `${Math.floor(hundredths / 6000)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
};

const H264 = 'video/mp4; codecs="avc1.640028"';
const KEPT_AFTER_MS = 250;

const asked = new URL(location.href).searchParams;
const choice = document.querySelector("[data-compare-choice]");
let page = null;

// The planned shots of the right take as far as its film goes, each with the same shot of the left.
function cutsOf(root, lasts) {
  const cuts = [...root.querySelectorAll("[data-cut]")].map(({ dataset }) => {
    const begins = Number(dataset.otherFrom);
    const other = dataset.other
      ? { number: Number(dataset.other), from: begins, to: begins + Number(dataset.otherMs) }
      : null;
    return { number: Number(dataset.cut), from: Number(dataset.from), other };
  }).filter(({ from }) => from < lasts);
  cuts.forEach((cut, place) => { cut.to = cuts[place + 1]?.from ?? lasts; });
  return cuts;
}

class Comparing {
  constructor(root) {
    this.root = root;
    this.looking = new Looking(root, () => this.keep());
    this.parts = this.looking.parts;
    this.looking.choose(page?.looking.mode ?? asked.get("mode") ?? "side");
    const [former, later] = root.querySelectorAll("video");
    if (!this.parts.bar || !later?.canPlayType(H264)) return;
    for (const video of [former, later]) video.controls = false;
    this.parts.bar.hidden = false;
    const frames = new Frames(root.dataset.runs);
    this.films = new InStep(later, former, cutsOf(root, frames.lasts), frames, () => this.show());
    this.listen();
    this.parts.seek.max = frames.lasts;
    this.films.seek(Number(asked.get("at")) || 0);
  }

  get ms() { return this.films ? this.films.now() : Number(asked.get("at")) || 0; }

  // What the address says, so that it can be sent to somebody and is kept when a take is chosen.
  keep() {
    const address = new URL(location.href);
    // By name, too: the newest two are others tomorrow.
    for (const [name, value] of choice ? new FormData(choice) : []) address.searchParams.set(name, value);
    this.write(address.searchParams, this.ms);
    history.replaceState(history.state, "", address);
  }

  write(query, ms) {
    query.set("mode", this.looking.mode);
    query.set("at", Math.round(ms));
  }

  show() {
    const { films, parts } = this;
    const ms = films.now();
    parts.play.ariaLabel = films.isRunning ? "Pause" : "Play";
    parts.play.firstElementChild.className = films.isRunning ? "icon icon-pause" : "icon icon-play";
    parts.time.textContent = clock(ms);
    parts.total.textContent = clock(films.lasts);
    const { number, other } = films.cut;
    parts.shot.textContent = other && other.number !== number ? `Shot ${number}, was ${other.number}` : `Shot ${number}`;
    parts.seek.value = ms;
    parts.seek.ariaValueText = films.says(ms);
    const missing = parts["missing-former"];
    missing.hidden = Boolean(other);
    missing.textContent = other ? "" : `Shot ${number} is not in this take.`;
    if (films.isRunning) return;
    clearTimeout(this.kept);
    this.kept = setTimeout(() => this.keep(), KEPT_AFTER_MS); // browsers refuse an address a frame
  }

  async fill() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.root.requestFullscreen?.();
  }

  listen() {
    const { films, parts } = this;
    const acts = {
      play: () => films.toggle(), stop: () => films.pause(), forward: () => films.forward(), backward: () => films.rewind(),
      before: () => films.skip(-1), after: () => films.skip(1), back: () => films.step(-1), forth: () => films.step(1),
      "second-back": () => films.leap(-1000), "second-on": () => films.leap(1000), fill: () => this.fill(),
    };
    this.root.addEventListener("click", ({ target }) => acts[target.closest("[data-act]")?.dataset.act]?.());
    parts.speed.addEventListener("change", () => films.speed(Number(parts.speed.value)));
    parts.seek.addEventListener("input", () => films.seek(Number(parts.seek.value)));
  }
}

function attach() {
  const root = document.querySelector("[data-compare]");
  if (root && page?.root !== root) page = new Comparing(root);
  for (const button of document.querySelectorAll("button[data-compare-jump]")) button.hidden = !page?.films;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-compare-jump]");
  if (button && page?.films) {
    page.films.jump(Number(button.dataset.compareJump));
    page.root.scrollIntoView({ block: "nearest" });
    return;
  }
  // What leads next is what follows now: the same moment of it.
  const swap = event.target.closest("[data-compare-swap]");
  if (!swap || !page) return;
  const address = new URL(swap.href);
  page.write(address.searchParams, page.films?.place()?.ms ?? page.ms);
  swap.href = address.href;
});

choice?.addEventListener("change", () => {
  const address = new URL(choice.action);
  for (const [name, value] of new FormData(choice)) address.searchParams.set(name, value);
  page?.write(address.searchParams, page.ms);
  location.assign(address);
});
if (choice) choice.querySelector("[data-compare-go]").hidden = true;

document.addEventListener("htmx:afterSwap", attach);
attach();
