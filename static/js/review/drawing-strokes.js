// Strokes upon a picture, as vectors: { kind, colour, points }, each point [x, y] from 0 to 1.

const SVG = "http://www.w3.org/2000/svg";
// Of a head's sides to the arrow's line, in radians, and its length in pixels.
const HEAD_ANGLE = 0.45;
const HEAD_PX = 16;

const made = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
};

// The sheet over the picture, of one layer for what is looked at and one for what is being drawn.
export function sheetOver(overlay) {
  const former = overlay.querySelector(":scope > svg.ink-sheet");
  if (former) return former;
  const sheet = made("svg", { class: "ink-sheet", role: "img", "aria-label": "Nothing is drawn" });
  sheet.append(made("g", { class: "shown" }), made("g", { class: "draft" }));
  overlay.append(sheet);
  return sheet;
}

function head([x, y], [fromX, fromY]) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const side = (turn) => `${x - HEAD_PX * Math.cos(angle + turn)} ${y - HEAD_PX * Math.sin(angle + turn)}`;
  return `M${side(HEAD_ANGLE)} L${x} ${y} L${side(-HEAD_ANGLE)}`;
}

const paths = {
  arrow: ([from, to]) => `M${from.join(" ")} L${to.join(" ")} ${head(to, from)}`,
  box: ([[left, top], [right, bottom]]) => `M${left} ${top} H${right} V${bottom} H${left} Z`,
  // A point alone is a dot: a line without length, with round ends.
  pen: ([first, ...more]) => `M${first.join(" ")} ${(more.length ? more : [first]).map((each) => `L${each.join(" ")}`).join(" ")}`,
};

// In pixels of the picture as it is shown now: lines are as thick on a phone as on a wall.
export function draw(layer, strokes) {
  const { width, height } = layer.ownerSVGElement.getBoundingClientRect();
  const placed = ({ kind, points }) => paths[kind](points.map(([x, y]) => [x * width, y * height]));
  layer.replaceChildren(
    ...strokes.flatMap((stroke) => {
      const d = placed(stroke);
      return [made("path", { d, class: "halo" }), made("path", { d, class: `line ${stroke.colour}` })];
    }),
  );
}

const distance = ([x, y], [a, b], [c, d]) => {
  const length = Math.hypot(c - a, d - b);
  return length ? Math.abs((c - a) * (b - y) - (a - x) * (d - b)) / length : Math.hypot(x - a, y - b);
};

// Fewer points for the same line (Ramer, Douglas and Peucker), none further off than `within`.
export function simplified(points, within = 0.0015) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let [at, most] = [0, 0];
  for (let place = 1; place < points.length - 1; place += 1) {
    const off = distance(points[place], first, last);
    if (off > most) [at, most] = [place, off];
  }
  if (most <= within) return [first, last];
  return [...simplified(points.slice(0, at + 1), within).slice(0, -1), ...simplified(points.slice(at), within)];
}
