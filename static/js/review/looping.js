// Playing again and again: the whole film, or from one frame until another.

export class LoopRange {
  constructor(player) {
    this.player = player;
    this.isOn = false;
    this.clear();
  }

  get isWhole() { return this.from === 0 && this.to === this.player.lasts; }

  set(from, to) {
    const { lasts, frame_ms } = this.player;
    this.from = Math.max(0, Math.min(from, lasts - frame_ms));
    this.to = Math.max(this.from + frame_ms, Math.min(to, lasts));
    this.isOn = true;
    this.show();
  }

  clear() {
    this.from = 0;
    this.to = this.player.lasts;
    this.isOn = false;
    this.show();
  }

  toggle() {
    this.isOn = !this.isOn;
    this.show();
  }

  // The frame on screen is the first of the range, or its last.
  begin() {
    const { frames, frame, lasts } = this.player;
    const from = frames.begins(frame);
    this.set(from, this.to > from ? this.to : lasts);
  }

  end() {
    const { frames, frame } = this.player;
    const to = frames.begins(frame) + frames.lengthOf(frame);
    this.set(this.from < to ? this.from : 0, to);
  }

  // Before playing: a range is played from its beginning.
  enter() {
    const { player } = this;
    const ms = player.now();
    if (this.isOn && !this.isWhole && (ms < this.from || ms >= this.to - 1)) player.seek(this.toFrom());
  }

  // While playing: past its end.
  turn() {
    const { player } = this;
    const isPast = player.now() >= this.to - 1 || player.now() < this.from - player.frame_ms;
    if (this.isOn && !this.isWhole && isPast && !player.video.seeking) player.seek(this.toFrom());
  }

  // The film came to its end.
  again() {
    if (!this.isOn) return;
    this.player.seek(this.toFrom());
    this.player.play();
  }

  toFrom() { return this.player.frames.middle(this.player.frames.at(this.from)); }

  show() {
    const { loop, range } = this.player.parts ?? {};
    if (!loop) return;
    loop.ariaPressed = String(this.isOn);
    range.hidden = this.isWhole;
    range.style.left = `${(100 * this.from) / this.player.lasts}%`;
    range.style.right = `${100 - (100 * this.to) / this.player.lasts}%`;
    range.toggleAttribute("data-on", this.isOn);
  }
}
