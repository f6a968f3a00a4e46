// Beside a field: its slider, buttons that set or empty it, the colour of its light.

const byId = (id) => document.getElementById(id);

// A black body's light in sRGB at some temperatures; between them, a straight line.
const LIGHT = [
  [1000, 255, 56, 0],
  [2000, 255, 138, 18],
  [2700, 255, 169, 87],
  [4000, 255, 209, 163],
  [5500, 255, 236, 224],
  [6600, 255, 249, 253],
  [8000, 227, 233, 255],
  [12000, 195, 209, 255],
  [20000, 172, 192, 255],
];

function colour(kelvin) {
  const above = Math.max(1, LIGHT.findIndex(([limit]) => kelvin <= limit));
  const [[low, ...from], [high, ...to]] = [LIGHT[above - 1], LIGHT[above]];
  const share = (kelvin - low) / (high - low);
  return `rgb(${from.map((part, index) => Math.round(part + (to[index] - part) * share)).join(" ")})`;
}

function paint() {
  for (const swatch of document.querySelectorAll(".swatch")) {
    const field = byId(swatch.dataset.kelvinOf);
    const kelvin = Number(swatch.dataset.kelvin ?? (field.value || field.placeholder).replace(",", "."));
    swatch.style.backgroundColor = kelvin >= 1000 && kelvin <= 20000 ? colour(kelvin) : "";
  }
}

function follow(field) {
  const slider = document.querySelector(`[data-feeds="${field.id}"]`);
  if (!slider) return;
  const value = field.value.replace(",", ".");
  slider.classList.toggle("inherits", !value);
  slider.value = value || field.placeholder;
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A slider is swapped away with its part while it is in hand: keyboards slide on in the new one.
function keepSliding() {
  let held = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { feeds } = document.activeElement.dataset;
    if (feeds && event.detail.target.contains(document.activeElement)) held = feeds;
  });
  document.addEventListener("htmx:afterSettle", () => setTimeout(() => {
    if (!held) return;
    if (document.activeElement === document.body) document.querySelector(`[data-feeds="${held}"]`)?.focus();
    follow(byId(held));
    held = null;
  }));
}

export function helpFields(board) {
  paint();
  keepSliding();
  document.addEventListener("htmx:afterSettle", paint);

  board.addEventListener("input", (event) => {
    const { feeds } = event.target.dataset;
    if (feeds) put(byId(feeds), Number(event.target.value).toFixed(2).replace(/0$/, ""));
    else if (event.target.id) follow(event.target);
    paint();
  });

  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sets]");
    if (!button) return;
    const field = byId(button.dataset.sets);
    put(field, button.dataset.value);
    htmx.trigger(field.form, "save");
  });
}
