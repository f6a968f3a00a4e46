// The timeline below the film: shots as long as they are planned, the playhead, and the strip of
// frames. On a phone the strip is wider than the screen and runs along below it.

export class Timeline {
  constructor(player) {
    this.player = player;
    const { track, scrub, head, strip } = player.parts;
    Object.assign(this, { track, scrub, head, strip, number: 0, second: -1 });
    for (const { block, from, to } of player.cuts) if (block) block.style.flexGrow = to - from;
    for (const block of player.root.querySelectorAll("[data-cut]")) {
      block.hidden = !player.cuts.some((cut) => cut.block === block);
    }
    scrub.ariaValueMin = 0;
    scrub.ariaValueMax = (player.lasts / 1000).toFixed(1);
    this.drags(track, (x) => x / track.clientWidth);
    // The strip is tapped: where it is wider than the screen, it runs along by itself.
    strip?.addEventListener("click", (event) => {
      const image = strip.firstElementChild.getBoundingClientRect();
      this.seek((event.clientX - image.left) / image.width);
    });
    scrub.addEventListener("keydown", (event) => this.press(event));
  }

  drags(element, shareAt) {
    const drag = (event) => this.seek(shareAt(event.clientX - element.getBoundingClientRect().left));
    element.addEventListener("pointerdown", (event) => {
      if (event.button || !event.target.closest("[data-part=scrub]")) return;
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      this.scrub.focus({ preventScroll: true });
      this.wasRunning = this.player.isRunning;
      this.player.pause();
      drag(event);
    });
    element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && drag(event));
    element.addEventListener("lostpointercapture", () => { if (this.wasRunning) this.player.play(); });
  }

  // Left and right are commands of the page; these scroll it, unless one is upon the timeline.
  press(event) {
    const { player } = this;
    const does = {
      ArrowUp: () => player.skip(-1), ArrowDown: () => player.skip(1),
      PageUp: () => player.leap(-1000), PageDown: () => player.leap(1000),
      Home: () => player.seek(0), End: () => player.seek(player.frames.middle(player.frames.count - 1)),
    }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    does();
  }

  seek(share) {
    const { frames, lasts } = this.player;
    this.player.seek(frames.middle(frames.at(Math.max(0, Math.min(1, share)) * lasts)));
  }

  draw(ms) {
    const { player, head, scrub } = this;
    const share = ms / player.lasts;
    head.style.left = `${share * 100}%`;
    const { number, block } = player.cuts.findLast(({ from }) => from <= ms) ?? player.cuts[0];
    if (number !== this.number) {
      this.number = number;
      for (const cut of player.cuts) cut.block?.toggleAttribute("data-plays", cut.block === block);
    }
    this.follow(share);
    // Not at each frame: it is read out.
    const second = player.isRunning ? Math.floor(ms / 1000) : ms;
    if (second === this.second) return;
    this.second = second;
    scrub.ariaValueNow = (ms / 1000).toFixed(1);
    scrub.ariaValueText = player.says(ms);
  }

  follow(share) {
    const { strip } = this;
    if (!strip || strip.scrollWidth <= strip.clientWidth) return;
    strip.scrollLeft = share * strip.scrollWidth - strip.clientWidth / 2;
  }
}
