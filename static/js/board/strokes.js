// What was drawn, stroke by stroke: so that each can be taken back, and all of it kept as text.

export const WIDTH = 1280;
export const HEIGHT = 720;

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

// Pens press; a mouse and a finger do not.
const thickness = (stroke, point) => stroke.width * (stroke.presses ? 0.25 + 1.5 * point[2] : 1);

export class Strokes {
  constructor(ink, colours, strokes = []) {
    Object.assign(this, { ink, colours, strokes, undone: [] });
    ink.lineCap = ink.lineJoin = "round";
    this.redraw();
  }

  get isEmpty() {
    return !this.strokes.length || this.strokes.at(-1).clears === true;
  }

  begin(stroke) {
    this.strokes.push({ ...stroke, points: [] });
    this.undone = [];
  }

  // `points` are [x, y, pressure], in the sheet's own pixels.
  extend(points) {
    const stroke = this.strokes.at(-1);
    for (const point of points) {
      stroke.points.push(point);
      this.#draw(stroke, stroke.points.length - 1);
    }
  }

  clear() {
    this.strokes.push({ clears: true, points: [] });
    this.undone = [];
    this.redraw();
  }

  undo() {
    this.undone.push(this.strokes.pop());
    this.redraw();
  }

  redo() {
    this.strokes.push(this.undone.pop());
    this.redraw();
  }

  redraw() {
    this.ink.clearRect(0, 0, WIDTH, HEIGHT);
    const from = this.strokes.findLastIndex((stroke) => stroke.clears) + 1;
    for (const stroke of this.strokes.slice(from)) {
      for (const place of stroke.points.keys()) this.#draw(stroke, place);
    }
  }

  // From the middle of one step to the middle of the next, round the point between them.
  #draw(stroke, place) {
    const { ink } = this;
    const [before, at, point] = [-2, -1, 0].map((back) => stroke.points[Math.max(0, place + back)]);
    const [from, to] = [middle(before, at), middle(at, point)];
    ink.globalCompositeOperation = stroke.ink === "eraser" ? "destination-out" : "source-over";
    ink.strokeStyle = this.colours[stroke.ink] ?? "black";
    ink.lineWidth = thickness(stroke, point);
    ink.beginPath();
    ink.moveTo(...from);
    ink.quadraticCurveTo(at[0], at[1], ...(place ? to : [to[0] + 0.1, to[1]]));
    ink.stroke();
  }
}
