// The review room's player: our own controls below a preview or the released film, and its timeline.
// The keys are those of the controls (`data-keys`), so the `?` sheet and the palette show them as they are.

import { toast } from "../toasts.js";
import { Frames } from "../player/frames.js";
import { bindSound } from "../player/sound.js";
import { Transport } from "../player/transport.js";
import { LoopRange } from "./looping.js";
import { attach, tell } from "./playhead.js";
import { Timeline } from "./timeline.js";

const H264 = 'video/mp4; codecs="avc1.640028"';
const FASTEST = 4;

const pad = (number, digits) => String(number).padStart(digits, "0");

// `0:04.100`
export function clock(ms) {
  const whole = Math.round(ms);
  return `${Math.floor(whole / 60000)}:${pad(Math.floor(whole / 1000) % 60, 2)}.${pad(whole % 1000, 3)}`;
}

// The planned shots as far as the film goes: it may last longer, or less long, than was planned.
function cutsOf(root, lasts) {
  const cuts = [...root.querySelectorAll("[data-cut]")].map((block) => ({
    block, number: Number(block.dataset.cut), from: Number(block.dataset.from),
  }));
  const seen = cuts.filter(({ from }) => from < lasts);
  seen.forEach((cut, place) => { cut.to = seen[place + 1]?.from ?? lasts; });
  return seen.length ? seen : [{ number: 1, from: 0, to: lasts }];
}

class Player extends Transport {
  constructor(root) {
    const frames = new Frames(root.dataset.runs);
    super(root.querySelector("video"), cutsOf(root, frames.lasts), frames);
    this.root = root;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.speed = 1;
    this.backwards = 1;
    this.range = new LoopRange(this);
    if (!this.video.canPlayType(root.dataset.plays ?? H264)) return this.fallBack();
    this.video.controls = false;
    root.dataset.ready = "";
    this.parts.picture.style.setProperty("--ratio", this.video.width / this.video.height);
    this.timeline = new Timeline(this);
    this.listen();
    bindSound(this.video, this.parts);
    attach(this.outside());
    this.show();
  }

  // What other rooms see of it.
  outside() {
    const player = this;
    return {
      get ms() { return player.now(); },
      get lastsMs() { return player.lasts; },
      get frameMs() { return player.frame_ms; },
      get isPlaying() { return player.isRunning; },
      get range() { return player.range.isOn && !player.range.isWhole ? { fromMs: player.range.from, toMs: player.range.to } : null; },
      play: () => this.play(), pause: () => this.pause(),
      seek: (ms) => this.seek(ms), loop: (from, to) => this.range.set(from, to),
    };
  }

  play() {
    this.range.enter();
    this.video.playbackRate = this.speed;
    super.play();
  }

  pause() {
    super.pause();
    this.backwards = 1;
    this.show();
  }

  // L and J, as editing rooms have them: pressed again, faster.
  forward() {
    if (this.video.paused) return this.play();
    this.video.playbackRate = Math.min(FASTEST, this.video.playbackRate * 2);
    return this.show();
  }

  backward() {
    const rate = this.rewinding ? Math.min(FASTEST, this.backwards * 2) : 1;
    this.rewind(rate);
    this.backwards = rate;
  }

  leap(ms) {
    this.pause();
    this.seek(this.now() + ms);
  }

  async fill() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (this.root.requestFullscreen) await this.root.requestFullscreen();
    else this.video.webkitEnterFullscreen?.();
  }

  show() {
    const { play, time, frame, shot, rate } = this.parts;
    const ms = this.now();
    play.ariaLabel = this.isRunning ? "Pause" : "Play";
    play.firstElementChild.className = `icon icon-${this.isRunning ? "pause" : "play"}`;
    time.textContent = clock(ms);
    frame.textContent = this.frame;
    shot.textContent = this.shotAt(ms);
    const times = this.rewinding ? -this.backwards : this.video.playbackRate;
    rate.hidden = !this.isRunning || times === this.speed;
    rate.textContent = `${times}×`;
    this.timeline?.draw(ms);
    tell();
  }

  run() {
    this.range.turn();
    this.show();
    if (this.root.isConnected && !this.video.paused) requestAnimationFrame(() => this.run());
  }

  listen() {
    const { video, parts, root } = this;
    const acts = {
      play: () => this.toggle(), stop: () => this.pause(), forward: () => this.forward(), backward: () => this.backward(),
      before: () => this.skip(-1), after: () => this.skip(1), back: () => this.step(-1), forth: () => this.step(1),
      "second-back": () => this.leap(-1000), "second-on": () => this.leap(1000), fill: () => this.fill(),
      loop: () => this.range.toggle(), from: () => this.range.begin(), until: () => this.range.end(), free: () => this.range.clear(),
    };
    root.addEventListener("click", ({ target }) => acts[target.closest("[data-act]")?.dataset.act]?.());
    video.addEventListener("click", () => this.toggle());
    parts.speed.addEventListener("change", () => {
      video.playbackRate = this.speed = Number(parts.speed.value);
      this.show();
    });
    video.addEventListener("play", () => { delete root.dataset.fresh; this.run(); });
    video.addEventListener("seeked", () => { delete root.dataset.fresh; this.seeked(); });
    video.addEventListener("ended", () => this.range.again());
    for (const kind of ["pause", "seeked", "ended", "loadedmetadata"]) video.addEventListener(kind, () => this.show());
    // It says that it can play this kind: what else fails is the way here, or a session that ended.
    video.addEventListener("error", () => {
      if (video.error.code === MediaError.MEDIA_ERR_DECODE) this.fallBack();
      else toast("The film did not load. Look at your connection, then reload the page.", "failed");
    });
    root.addEventListener("fullscreenchange", () => {
      const fills = document.fullscreenElement === root;
      parts.fill.ariaLabel = fills ? "Leave full screen" : "Full screen";
      parts.fill.firstElementChild.className = `icon icon-${fills ? "minimize" : "maximize"}`;
    });
  }

  // Without H.264 there is still the GIF.
  fallBack() {
    delete this.root.dataset.ready;
    this.root.dataset.instead = "";
    this.parts.picture.hidden = true;
    this.parts.instead.hidden = false;
  }
}

const players = new Map();

function attachPlayers() {
  for (const root of players.keys()) {
    if (!root.isConnected) players.delete(root);
  }
  for (const root of document.querySelectorAll("[data-player]")) {
    if (!players.has(root)) players.set(root, new Player(root));
  }
}

document.addEventListener("htmx:afterSettle", attachPlayers);
attachPlayers();
