// How two pictures are laid: side by side, one wiped over the other, or one through the other.

export class Looking {
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    root.querySelector("[data-compare-modes]").hidden = false;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-mode]");
      if (button) this.choose(button.dataset.mode);
    });
    for (const name of ["wipe", "opacity", "difference"]) {
      this.parts[name].addEventListener("input", () => this.lay());
    }
    this.listenToPulls();
    this.lay();
  }

  get mode() { return this.root.dataset.mode; }

  choose(mode) {
    const buttons = [...this.root.querySelectorAll("button[data-mode]")];
    if (!buttons.some((button) => button.dataset.mode === mode)) return;
    this.root.dataset.mode = mode;
    for (const button of buttons) button.ariaPressed = String(button.dataset.mode === mode);
    this.onChange();
  }

  lay() {
    const { wipe, opacity, difference, pictures } = this.parts;
    pictures.style.setProperty("--wipe", `${wipe.value}%`);
    pictures.style.setProperty("--opacity", difference.checked ? 1 : opacity.value / 100);
    pictures.toggleAttribute("data-difference", difference.checked);
    opacity.disabled = difference.checked;
    wipe.ariaValueText = `${wipe.value} per cent`;
    opacity.ariaValueText = `${opacity.value} per cent`;
  }

  // The line is pulled on the picture itself, by mouse, pen or finger.
  listenToPulls() {
    const { pictures } = this.parts;
    pictures.addEventListener("pointerdown", (event) => {
      if (this.mode !== "wipe" || event.button || event.target.closest("a, button")) return;
      pictures.setPointerCapture(event.pointerId);
      this.pull(event);
      event.preventDefault();
    });
    pictures.addEventListener("pointermove", (event) => {
      if (pictures.hasPointerCapture(event.pointerId)) this.pull(event);
    });
  }

  pull(event) {
    const { left, width } = this.parts.pictures.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - left) / width));
    this.parts.wipe.value = Math.round(share * 100);
    this.lay();
    this.parts.wipe.focus({ preventScroll: true });
  }
}
