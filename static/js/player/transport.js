// Runs a video by its shots and frames: forward, backward, to a moment, a frame, or a cut.

// Well within a shot, “back” means its own beginning.
const WITHIN_MS = 700;
// Of a frame: the next one's middle is further away, the beginning of the same one is not.
const REACHED = 0.75;

export const cutAt = (cuts, ms) => cuts.findLastIndex((cut) => cut.from <= ms);

// `cuts`: in order, each with `number`, `from` and `to` in ms. Whoever extends it has `show()`.
export class Transport {
  constructor(video, cuts, frames) {
    this.video = video;
    this.cuts = cuts;
    this.lasts = cuts.at(-1).to;
    this.frames = frames;
    this.wanted = null; // while the video seeks, where it is wanted
    this.rewinding = 0;
  }

  get frame() { return this.frames.at(this.now()); }

  get frame_ms() { return this.frames.lengthOf(this.frame); }

  get isRunning() { return !this.video.paused || this.rewinding !== 0; }

  now() { return Math.min(this.lasts, this.wanted ?? this.video.currentTime * 1000); }

  says(ms) { return `${(ms / 1000).toFixed(2)} s of ${this.lasts / 1000} s, ${this.shotAt(ms)}`; }

  shotAt(ms) { return `Shot ${this.cuts[Math.max(0, cutAt(this.cuts, ms))].number}`; }

  seek(ms) {
    this.wanted = Math.max(0, Math.min(ms, this.lasts, this.video.duration * 1000 || this.lasts));
    if (!this.video.seeking) this.video.currentTime = this.wanted / 1000;
    this.show();
  }

  seeked() {
    const reached = Math.abs(this.video.currentTime * 1000 - this.wanted) < this.frame_ms * REACHED;
    if (this.wanted !== null && !reached) this.video.currentTime = this.wanted / 1000;
    else this.wanted = null;
  }

  step(frames) {
    this.pause();
    this.seek(this.frames.middle(this.frame + frames));
  }

  skip(direction) {
    const ms = this.now();
    const index = Math.max(0, cutAt(this.cuts, ms));
    const back = ms - this.cuts[index].from > WITHIN_MS ? index : index - 1;
    const cut = this.cuts[direction > 0 ? index + 1 : Math.max(0, back)];
    this.seek(cut ? this.frames.entry(cut.from) : this.lasts);
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
    if (this.isRunning) this.pause();
    else this.play();
  }

  // Browsers play forward only: backward is a seek for each picture, as fast as they come.
  rewind(rate = 1) {
    this.pause();
    let last = performance.now();
    const back = (time) => {
      const ms = this.now() - (time - last) * rate;
      last = time;
      this.seek(ms);
      this.rewinding = ms > 0 ? requestAnimationFrame(back) : 0;
    };
    this.rewinding = requestAnimationFrame(back);
  }
}
