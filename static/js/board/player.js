// Plays an animatic: our own controls below the video, the keys of editing rooms, and the playhead
// on the board's strip, where there is one.

import { toast } from "../toasts.js";
import { makePlayhead } from "./playhead.js";
import { Frames } from "../player/frames.js";
import { Transport } from "../player/transport.js";

const H264 = 'video/mp4; codecs="avc1.640028"';

const two = (number) => String(number).padStart(2, "0");

// To the hundredth: a frame is 4 of them.
const clock = (ms) => {
  const hundredths = Math.floor(ms / 10);
  return `${Math.floor(hundredths / 6000)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
};

// Where each of its shots begins and ends, in ms.
function cutsOf(root) {
  let to = 0;
  return [...root.querySelectorAll("[data-cut]")].map(({ dataset }, index) => {
    const from = to;
    to += Number(dataset.ms);
    return { shot: dataset.cut, number: index + 1, from, to };
  });
}

class Player extends Transport {
  constructor(root) {
    const cuts = cutsOf(root);
    super(root.querySelector("video"), cuts, Frames.even(Number(root.dataset.fps), cuts.at(-1).to));
    this.root = root;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.video.controls = false;
    if (!this.video.canPlayType(H264)) return this.fallBack();
    this.playhead = document.getElementById("playhead") && makePlayhead(this);
    this.listen();
    this.show();
  }

  async fill() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (this.root.requestFullscreen) await this.root.requestFullscreen();
    else this.video.webkitEnterFullscreen?.();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    const { key, shiftKey } = event;
    const isPressed = event.target.matches("button, a") && (key === " " || key === "Enter");
    const does = {
      " ": () => this.toggle(), k: () => this.pause(), j: () => this.rewind(), l: () => this.play(),
      ArrowLeft: () => (shiftKey ? this.skip(-1) : this.step(-1)),
      ArrowRight: () => (shiftKey ? this.skip(1) : this.step(1)),
      Home: () => this.seek(0), End: () => this.seek(this.lasts),
      m: () => this.parts.mute?.click(), f: () => this.fill(),
    }[key.length === 1 ? key.toLowerCase() : key];
    if (!does || isPressed) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }

  show() {
    const { play, time, total, shot, seek } = this.parts;
    const ms = this.now();
    play.ariaLabel = this.isRunning ? "Pause" : "Play";
    play.firstElementChild.className = this.isRunning ? "icon icon-pause" : "icon icon-play";
    time.textContent = clock(ms);
    total.textContent = clock(this.lasts);
    shot.textContent = this.shotAt(ms);
    seek.value = ms;
    seek.ariaValueText = this.says(ms);
    this.playhead?.draw();
  }

  run() {
    this.show();
    if (this.root.isConnected && !this.video.paused) requestAnimationFrame(() => this.run());
  }

  listen() {
    const { video, parts, root } = this;
    const acts = {
      play: () => this.toggle(), before: () => this.skip(-1), after: () => this.skip(1),
      back: () => this.step(-1), forth: () => this.step(1), fill: () => this.fill(),
      loop: () => { parts.loop.ariaPressed = String(video.loop = !video.loop); },
      mute: () => { video.muted = !video.muted; },
    };
    for (const [name, act] of Object.entries(acts)) parts[name]?.addEventListener("click", act);
    video.addEventListener("click", () => this.toggle());
    parts.speed.addEventListener("change", () => { video.playbackRate = Number(parts.speed.value); });
    parts.seek.addEventListener("input", () => this.seek(Number(parts.seek.value)));
    root.addEventListener("keydown", (event) => this.press(event));
    video.addEventListener("play", () => this.run());
    video.addEventListener("seeked", () => this.seeked());
    for (const kind of ["pause", "seeked", "ended", "loadedmetadata"]) video.addEventListener(kind, () => this.show());
    video.addEventListener("volumechange", () => {
      if (!parts.mute) return;
      parts.mute.ariaPressed = String(video.muted);
      parts.mute.firstElementChild.className = video.muted ? "icon icon-volume-x" : "icon icon-volume-2";
    });
    // It says that it can play this kind: what else fails is the way here, or a session that ended.
    video.addEventListener("error", () => {
      if (video.error.code === MediaError.MEDIA_ERR_DECODE) this.fallBack();
      else toast("The film did not load. Look at your connection, then reload the page.", "failed");
    });
    root.addEventListener("fullscreenchange", () => {
      const fills = document.fullscreenElement === root;
      parts.fill.ariaLabel = fills ? "Leave full screen" : "Full screen";
      parts.fill.firstElementChild.className = fills ? "icon icon-minimize" : "icon icon-maximize";
    });
  }

  // Without H.264 there is still the GIF, or a button that draws it.
  fallBack() {
    this.root.removeAttribute("id"); // the next panel may bring the GIF: this one is not preserved
    this.video.hidden = true;
    this.parts.bar.hidden = true;
    this.parts.instead.hidden = false;
    this.leave();
  }

  // What the video still tells afterwards moves no playhead.
  leave() {
    this.pause();
    this.playhead?.remove();
    this.playhead = null;
  }
}

const players = new Map();

export function attachPlayers() {
  for (const [root, player] of players) {
    if (root.isConnected) continue;
    player.leave();
    players.delete(root);
  }
  for (const root of document.querySelectorAll("[data-film]")) {
    if (!players.has(root)) players.set(root, new Player(root));
  }
}
