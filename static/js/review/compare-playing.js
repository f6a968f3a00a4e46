// Two films under one playhead. The right one leads; the left one is kept, within a frame, at the
// same moment of the same shot: a shot that lasts longer there is left early, and of one that lasts
// shorter the last frame is held. A shot that the left take does not have leaves it dark.

import { cutAt, Transport } from "../player/transport.js";

// Further apart than this, the left film jumps; below, it runs a little faster or slower.
const LOST_MS = 400;
const FASTEST = 4;

export class InStep extends Transport {
  // `cuts`: as Transport has them; `other`: { from, to, number } of the left film, or null.
  constructor(leader, follower, cuts, frames, onShow) {
    super(leader, cuts, frames);
    this.follower = follower;
    this.rate = 1;
    this.onShow = onShow;
    leader.addEventListener("play", () => this.run());
    leader.addEventListener("seeked", () => this.seeked());
    for (const kind of ["pause", "seeked", "ended", "loadedmetadata"]) {
      leader.addEventListener(kind, () => this.show());
    }
    for (const kind of ["seeked", "loadedmetadata"]) follower.addEventListener(kind, () => this.follow());
  }

  get cut() { return this.cuts[Math.max(0, cutAt(this.cuts, this.now()))]; }

  // Where the left film belongs: `ms`, and whether its shot is over there already; null for nowhere.
  place() {
    const { from, other } = this.cut;
    if (!other) return null;
    const ms = other.from + this.now() - from;
    const end = other.to - this.frame_ms / 2;
    return ms < end ? { ms, isHeld: false } : { ms: end, isHeld: true };
  }

  // How far the left film is from there, in ms: below 0 it is late.
  apart() {
    const place = this.place();
    return place ? this.follower.currentTime * 1000 - place.ms : 0;
  }

  follow() {
    const { follower, video } = this;
    const place = this.place();
    if (!place || place.isHeld || video.paused || video.seeking) {
      follower.pause();
      if (place) this.put(place.ms);
      return;
    }
    const apart = this.apart();
    if (Math.abs(apart) > LOST_MS) this.put(place.ms);
    follower.playbackRate = video.playbackRate * (1 - Math.max(-0.4, Math.min(0.4, apart / 250)));
    if (follower.paused) {
      this.put(place.ms);
      follower.play().catch(() => {}); // paused again before it began
    }
  }

  put(ms) {
    const { follower } = this;
    if (!follower.seeking && Math.abs(follower.currentTime * 1000 - ms) > 1) follower.currentTime = ms / 1000;
  }

  // Both at the beginning of a shot of the right take, whatever their lengths are.
  jump(number) {
    const cut = this.cuts.find((one) => one.number === number);
    if (!cut) return;
    this.pause();
    this.seek(this.frames.entry(cut.from));
  }

  play() {
    this.video.playbackRate = this.rate;
    super.play();
  }

  // Pressed again, faster.
  forward() {
    if (this.video.paused) this.play();
    else this.video.playbackRate = Math.min(FASTEST, this.video.playbackRate * 2);
  }

  leap(ms) {
    this.pause();
    this.seek(this.now() + ms);
  }

  speed(rate) { this.video.playbackRate = this.rate = rate; }

  show() {
    this.follow();
    this.onShow();
  }

  run() {
    this.show();
    if (this.video.isConnected && !this.video.paused) requestAnimationFrame(() => this.run());
  }
}
