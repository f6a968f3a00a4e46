// Plays an animatic: our own controls below the video, the keys of editing rooms, and the playhead
// on the board's strip, where there is one.

import { cutAt, makePlayhead } from "./playhead.js";

const H264 = 'video/mp4; codecs="avc1.640028"';

const clock = (ms) => {
  const tenths = Math.floor(ms / 100);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
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

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.cuts = cutsOf(root);
    this.lasts = this.cuts.at(-1).to;
    this.frame_ms = 1000 / Number(root.dataset.fps);
    this.wanted = null; // while the video seeks, where it is wanted
    this.rewinding = 0;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.video.controls = false;
    root.classList.add("attached");
    if (!this.video.canPlayType(H264)) return this.fallBack();
    this.playhead = document.getElementById("playhead") && makePlayhead(this);
    this.listen();
    this.show();
  }

  now() { return Math.min(this.lasts, this.wanted ?? this.video.currentTime * 1000); }

  says(ms) { return `${(ms / 1000).toFixed(1)} s of ${this.lasts / 1000} s, ${this.shotAt(ms)}`; }

  shotAt(ms) { return `Shot ${this.cuts[Math.max(0, cutAt(this.cuts, ms))].number}`; }

  seek(ms) {
    this.wanted = Math.max(0, Math.min(this.lasts, ms));
    if (!this.video.seeking) this.video.currentTime = this.wanted / 1000;
    this.show();
  }

  seeked() {
    const reached = Math.abs(this.video.currentTime * 1000 - this.wanted) < this.frame_ms;
    if (this.wanted !== null && !reached) this.video.currentTime = this.wanted / 1000;
    else this.wanted = null;
  }

  // The middle of a frame, so that the one before or after is never shown instead.
  step(frames) {
    this.pause();
    this.seek((Math.floor(this.now() / this.frame_ms + 0.01) + frames + 0.5) * this.frame_ms);
  }

  skip(direction) {
    const ms = this.now();
    const index = Math.max(0, cutAt(this.cuts, ms));
    // Well within a shot, back means its own beginning.
    const back = ms - this.cuts[index].from > 700 ? index : index - 1;
    const cut = this.cuts[direction > 0 ? index + 1 : Math.max(0, back)];
    this.seek(cut ? cut.from + this.frame_ms / 2 : this.lasts);
  }

  play() {
    cancelAnimationFrame(this.rewinding);
    this.rewinding = 0;
    if (this.now() >= this.lasts - this.frame_ms) this.video.currentTime = 0;
    this.video.play();
  }

  pause() {
    cancelAnimationFrame(this.rewinding);
    this.rewinding = 0;
    this.video.pause();
  }

  toggle() {
    if (this.video.paused && !this.rewinding) this.play();
    else this.pause();
  }

  // Browsers play forward only: backward is a seek for each picture, as fast as they come.
  rewind() {
    this.pause();
    let last = performance.now();
    const back = (time) => {
      const ms = this.now() - (time - last);
      last = time;
      this.seek(ms);
      this.rewinding = ms > 0 ? requestAnimationFrame(back) : 0;
    };
    this.rewinding = requestAnimationFrame(back);
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
    const runs = !this.video.paused || this.rewinding;
    play.ariaLabel = runs ? "Pause" : "Play";
    play.firstElementChild.className = runs ? "icon icon-pause" : "icon icon-play";
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
      parts.mute.ariaPressed = String(video.muted);
      parts.mute.firstElementChild.className = video.muted ? "icon icon-volume-x" : "icon icon-volume-2";
    });
    video.addEventListener("error", () => this.fallBack());
    root.addEventListener("fullscreenchange", () => {
      const fills = document.fullscreenElement === root;
      parts.fill.ariaLabel = fills ? "Leave full screen" : "Full screen";
      parts.fill.firstElementChild.className = fills ? "icon icon-minimize" : "icon icon-maximize";
    });
  }

  // Without H.264 there is still the GIF, or a button that draws it.
  fallBack() {
    this.video.hidden = true;
    this.parts.bar.hidden = true;
    this.parts.instead.hidden = false;
    this.playhead?.remove();
    this.playhead = null;
  }

  leave() { this.playhead?.remove(); }
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
