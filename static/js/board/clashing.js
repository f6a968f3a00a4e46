// Two versions of one field: both stand side by side until somebody chooses, or makes one of both.

import { fallsBehind, giveUp, letGo, revision, wasSaved } from "./typing.js";

const conflict = () => document.getElementById("conflict");
const choice = () => document.getElementById("keep-mine");

export const isOpen = () => Boolean(choice()) && !conflict().hidden;
export const isRefused = () => !choice() && !conflict().hidden;

// The fields on the page that the versions are of, in the card and in the inspector.
function fieldsOf(form) {
  const { shot, fields } = form.dataset;
  const places = shot ? [`card-${shot}`, `inspect-${shot}`] : ["project"];
  const names = fields.trim().split(/\s+/).flatMap((name) => places.map((place) => `${place}-${name}`));
  return names.map((id) => document.getElementById(id)).filter(Boolean);
}

// A dialog covers the board: the sentence stands in it, above what was typed there.
export function sayInDialog(element, xhr) {
  const body = element.closest("dialog .dialog-body");
  if (!body) return false;
  conflict().hidden = true;
  const notice = body.querySelector(":scope > .stale") ?? document.createElement("p");
  notice.className = "notice warn stale";
  notice.setAttribute("role", "alert");
  notice.textContent = decodeURIComponent(xhr.getResponseHeader("X-Says") ?? "");
  body.prepend(notice);
  return true;
}

function takeTheirs() {
  for (const field of fieldsOf(choice())) giveUp(field);
  conflict().hidden = true;
}

export function settleConflicts(board, goOn) {
  let base = 0;

  board.addEventListener("click", (event) => {
    if (!event.target.closest("#take-theirs")) return;
    event.preventDefault();
    takeTheirs();
    goOn();
  });

  // What is chosen is sent by the choice: the fields have nothing to carry any more.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== "keep-mine") return;
    base = Number(event.detail.elt.elements.base.value);
    for (const field of fieldsOf(event.detail.elt)) letGo(field);
  });

  // Not chosen after all: the text is still one of the revision whose other version was seen.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = event.detail.requestConfig;
    if (elt.id !== "keep-mine" || wasSaved(event.detail) || base >= revision()) return;
    for (const field of fieldsOf(elt)) fallsBehind(field, base);
  });
}
