// Where a shot's subject is: its mark on the frame is clicked, dragged, or moved by keys. The fields
// beside it hold the place, and are saved as all others are: one edit for each placement.

import { hold } from "./saving.js";
import { partnerOf, said } from "./typing.js";

const CENTRE = "50";
const KEYS_REST_MS = 600;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let resting = 0;

const byId = (id) => document.getElementById(id);
const fieldsOf = (frame) => ["x", "y"].map((axis) => byId(`${frame.dataset.subject}-subject_${axis}`));
const within = (number) => Math.min(100, Math.max(0, Math.round(number)));

function placeOf(frame) {
  return fieldsOf(frame).map((field) => {
    const typed = Number.parseFloat(field.value.replace(",", "."));
    return Number.isFinite(typed) ? within(typed) : Number(CENTRE);
  });
}

function paint() {
  for (const frame of document.querySelectorAll("[data-subject]")) {
    const [x, y] = placeOf(frame);
    const isUnset = fieldsOf(frame).every((field) => !field.value);
    const mark = frame.querySelector(".crosshair");
    mark.classList.toggle("unset", isUnset);
    mark.firstElementChild.setAttribute("x", `${x}%`);
    mark.firstElementChild.setAttribute("y", `${y}%`);
    frame.setAttribute("aria-label", isUnset ? "Subject: centre" : `Subject: ${x} % from the left, ${y} % from the top`);
  }
}

function put(fields, values) {
  fields.forEach((field, index) => {
    field.value = values[index];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  paint();
}

function save(frame) {
  clearTimeout(resting);
  resting = 0;
  const [field] = fieldsOf(frame);
  if (field) htmx.trigger(field.form, "save");
}

function drag(frame, event) {
  const box = frame.getBoundingClientRect();
  // Asked for each time: an answer that was on its way may have brought new ones.
  const move = (places) => fieldsOf(frame).every(Boolean) && put(fieldsOf(frame), places);
  const follow = ({ clientX, clientY }) =>
    move([within(((clientX - box.left) / box.width) * 100), within(((clientY - box.top) / box.height) * 100)]);
  const listening = new AbortController();
  const end = ({ type }) => {
    listening.abort();
    if (type === "pointercancel") move(fieldsOf(frame).map((field) => field && said(field))); // the finger scrolled
    hold(false);
    if (type === "pointerup") save(frame);
  };
  hold(true);
  frame.setPointerCapture(event.pointerId);
  document.addEventListener("pointermove", follow, listening);
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end, listening);
  follow(event);
}

function step(frame, event) {
  const [x, y] = STEPS[event.key];
  const by = event.shiftKey ? 10 : 1;
  const [left, top] = placeOf(frame);
  event.preventDefault();
  event.stopPropagation();
  put(fieldsOf(frame), [within(left + x * by), within(top + y * by)]);
  clearTimeout(resting);
  resting = setTimeout(() => save(frame), KEYS_REST_MS);
}

export function placeSubjects(board) {
  paint();
  for (const name of ["htmx:afterSettle", "htmx:afterRequest"]) document.addEventListener(name, () => setTimeout(paint));
  board.addEventListener("input", paint);

  board.addEventListener("pointerdown", (event) => {
    const frame = event.target.closest("[data-subject]");
    if (frame && event.isPrimary && event.button === 0) drag(frame, event);
  });

  board.addEventListener("keydown", (event) => {
    const frame = event.target.closest("[data-subject]");
    if (frame && event.key in STEPS && !event.ctrlKey && !event.metaKey && !event.altKey) step(frame, event);
  });

  board.addEventListener("focusout", (event) => {
    if (resting && event.target.matches("[data-subject]")) save(event.target);
  });

  board.addEventListener("click", (event) => {
    const frame = event.target.closest("[data-subject]");
    if (frame && !event.detail) frame.focus(); // by the command palette
    const centre = event.target.closest("[data-centre]");
    if (centre) {
      put(["x", "y"].map((axis) => byId(`${centre.dataset.centre}-subject_${axis}`)), ["", ""]);
      htmx.trigger(centre.form, "save");
    }
    if (event.target.closest("#take-theirs")) setTimeout(paint);
  });

  // A place typed on one axis is meant to be the middle of the other.
  board.addEventListener("change", (event) => {
    const partner = partnerOf(event.target);
    if (partner && !event.target.value !== !partner.value) put([partner], [event.target.value && CENTRE]);
  }, true);
}
