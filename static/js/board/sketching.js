// A sketch as a reference picture. What is drawn stays in this tab until it is saved: a lost request,
// a closed dialog and a reload leave it there.

import { HEIGHT, Strokes, WIDTH } from "./strokes.js";

const colourOf = (element) => getComputedStyle(element).backgroundColor;

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function keep(key, strokes) {
  try {
    sessionStorage.setItem(key, JSON.stringify(strokes));
  } catch {
    sessionStorage.removeItem(key); // too much for the tab's storage: half a sketch is of no use
  }
}

class Sketch {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.key;
    this.stage = form.querySelector(".stage");
    this.canvas = form.querySelector("canvas");
    this.isSent = false;
    const inks = [...form.elements.ink].map((radio) => [radio.value, colourOf(radio.nextElementSibling)]);
    const former = kept(this.key);
    this.strokes = new Strokes(this.canvas.getContext("2d"), Object.fromEntries(inks), former);
    if (former.length) this.say("Your unsaved sketch is still here.");
    this.follow();
    this.listen();
  }

  get isUnsaved() {
    return !this.isSent && this.strokes.strokes.length > 0;
  }

  say(text) {
    this.form.querySelector(".sketch-says").textContent = text;
  }

  // After each change: what can be pressed, and what is kept.
  follow() {
    const button = (name) => this.form.querySelector(`[data-sketch=${name}]`);
    button("undo").disabled = !this.strokes.strokes.length;
    button("redo").disabled = !this.strokes.undone.length;
    button("clear").disabled = this.strokes.isEmpty;
    this.form.querySelector("button.primary").disabled = this.strokes.isEmpty;
    this.form.querySelector(".sketch-unsaved").hidden = true;
  }

  changed() {
    this.follow();
    keep(this.key, this.strokes.strokes);
  }

  discard() {
    this.strokes.strokes = [];
    sessionStorage.removeItem(this.key);
  }

  askFirst() {
    const question = this.form.querySelector(".sketch-unsaved");
    question.hidden = false;
    question.querySelector("button").focus();
  }

  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = [(event.clientX - box.left) * (WIDTH / box.width), (event.clientY - box.top) * (HEIGHT / box.height)];
    return [...at, event.pressure].map((number) => Math.round(number * 100) / 100);
  }

  listen() {
    const { canvas, form } = this;
    let pointer = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (pointer !== null || event.button !== 0) return;
      event.preventDefault();
      pointer = event.pointerId;
      canvas.setPointerCapture(pointer);
      const [ink, width] = [form.elements.ink.value, Number(form.elements.width.value)];
      this.strokes.begin({ ink, width, presses: event.pointerType === "pen" });
      this.strokes.extend([this.pointOf(event)]);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer) return;
      const steps = event.getCoalescedEvents?.() ?? [];
      this.strokes.extend((steps.length ? steps : [event]).map((step) => this.pointOf(step)));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId !== pointer) return;
        pointer = null;
        this.changed();
      });
    }
    form.addEventListener("click", (event) => {
      const does = event.target.closest("[data-sketch]")?.dataset.sketch;
      if (!does || pointer !== null) return;
      this[does === "discard" ? "discard" : "step"](does);
      if (does === "discard") this.close();
    });
    form.addEventListener("change", (event) => {
      if (event.target.name === "beneath") this.stage.dataset.beneath = event.target.value;
      if (event.target.name === "thirds") this.stage.toggleAttribute("data-plain", !event.target.checked);
    });
  }

  step(does) {
    this.strokes[does]();
    this.changed();
  }

  close() {
    const dialog = this.form.closest("dialog");
    if (dialog) dialog.close();
    else history.back();
  }

  // The paper, what lies beneath, and the ink, as one picture in the form's own field.
  async draw() {
    const sheet = new OffscreenCanvas(WIDTH, HEIGHT);
    const paper = sheet.getContext("2d");
    paper.fillStyle = colourOf(this.stage);
    paper.fillRect(0, 0, WIDTH, HEIGHT);
    const picture = this.stage.querySelector("img");
    if (this.stage.dataset.beneath === "picture") {
      await picture.decode();
      paper.drawImage(picture, 0, 0, WIDTH, HEIGHT);
    }
    paper.drawImage(this.canvas, 0, 0);
    const files = new DataTransfer();
    files.items.add(new File([await sheet.convertToBlob()], "sketch.png", { type: "image/png" }));
    this.form.elements.picture.files = files.files;
  }
}

// Neither Esc nor a press beside the dialog throws a sketch away.
function guard(sketch, dialog) {
  const closing = new AbortController();
  const stay = (event) => {
    if (!sketch.isUnsaved) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sketch.askFirst();
  };
  const options = { capture: true, signal: closing.signal };
  dialog.addEventListener("cancel", stay, options);
  dialog.addEventListener("click", (event) => {
    const isBeside = event.target === dialog && event.offsetX + event.offsetY !== 0;
    if (isBeside || event.target.closest("[data-close]")) stay(event);
  }, options);
  dialog.addEventListener("close", () => closing.abort(), options);
}

function answered(sketch, xhr) {
  sketch.form.querySelector("button.primary").disabled = false;
  if (xhr.status >= 200 && xhr.status < 300) {
    sketch.isSent = true;
    sessionStorage.removeItem(sketch.key);
  } else if (xhr.status !== 409) { // of another version the queue tells, in the dialog
    const says = xhr.getResponseHeader("X-Says");
    sketch.say(says ? decodeURIComponent(says) : "The studio cannot be reached. The sketch is kept here and sent again as soon as it can be.");
  }
}

export function sketchIn(form) {
  const sketch = new Sketch(form);
  let isDrawn = false;
  // The sheet becomes a file first; then the form is sent as any other.
  form.addEventListener("submit", async (event) => {
    if (isDrawn) {
      isDrawn = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    await sketch.draw();
    isDrawn = true;
    if (!form.hasAttribute("hx-post")) sessionStorage.removeItem(sketch.key);
    form.requestSubmit();
  }, true);
  form.addEventListener("htmx:beforeRequest", () => sketch.say("Saving the sketch…"));
  form.addEventListener("htmx:afterRequest", ({ detail }) => answered(sketch, detail.xhr));
  const dialog = form.closest("dialog");
  if (dialog) guard(sketch, dialog);
  form.dataset.ready = "yes";
}

const onItsOwnPage = document.querySelector("main #sketch");
if (onItsOwnPage) sketchIn(onItsOwnPage);
