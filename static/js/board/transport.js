// Runs a video by its shots and frames: forward, backward, to a moment, a frame, or a cut.

import { cutAt } from "./playhead.js";

// Well within a shot, “back” means its own beginning.
const WITHIN_MS = 700;

// `cuts`: in order, each with `shot`, `number`, `from` and `to` in ms. Whoever extends it has `show()`.
export class Transport {
  constructor(video, cuts, fps) {
    this.video = video;
    this.cuts = cuts;
    this.lasts = cuts.at(-1).to;
    this.frame_ms = 1000 / fps;
    this.wanted = null; // while the video seeks, where it is wanted
    this.rewinding = 0;
  }

  now() { return Math.min(this.lasts, this.wanted ?? this.video.currentTime * 1000); }

  says(ms) { return `${(ms / 1000).toFixed(2)} s of ${this.lasts / 1000} s, ${this.shotAt(ms)}`; }

  shotAt(ms) { return `Shot ${this.cuts[Math.max(0, cutAt(this.cuts, ms))].number}`; }

  seek(ms) {
    this.wanted = Math.max(0, Math.min(ms, this.lasts, this.video.duration * 1000 || this.lasts));
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
    const back = ms - this.cuts[index].from > WITHIN_MS ? index : index - 1;
    const cut = this.cuts[direction > 0 ? index + 1 : Math.max(0, back)];
    this.seek(cut ? cut.from + this.frame_ms / 2 : this.lasts);
  }

  play() {
    cancelAnimationFrame(this.rewinding);
    this.rewinding = 0;
    if (this.now() >= this.lasts - this.frame_ms) this.video.currentTime = 0;
    this.video.play().catch(() => this.show()); // paused, or gone, before it began
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
}
