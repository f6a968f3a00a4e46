// What was typed and is not saved yet is kept on this device, for its author alone: it comes back
// after a closed tab, a crash or a new sign-in, and goes once it is saved.

import { dismiss, toast } from "../toasts.js";
import { isOpen as isConflictOpen } from "./clashing.js";
import { fallsBehind, now, put, revision, said, twinOf, unsavedIn } from "./typing.js";
import { isOpenElsewhere, windowName } from "./window.js";

const LONGEST_CHARS = 200_000;
const PAUSE_MS = 300;

let board = null;
let own = "";
const discarded = new Map();
let absent = [];
let timer = 0;

const since = new Map();
const prefix = () => `kept:${board.dataset.person}:${board.dataset.project}:`;

const shotOf = (id) => id.match(/^(?:card|inspect)-(\d+)-/)?.[1];

function labelOf(field) {
  return { shot: shotOf(field.id), label: field.ariaLabel || field.labels?.[0]?.textContent.trim() || field.name };
}

// What stood there before: to be noted at the first stroke, for a refusal says the typed text again.
function begin(field) {
  if (!since.has(field.id)) since.set(field.id, { at: Date.now(), on: revision(), was: said(field) });
  return since.get(field.id);
}

const entryOf = (field) => ({ id: field.id, value: now(field), ...begin(field), ...labelOf(field) });

function keep() {
  clearTimeout(timer);
  if (!own) return;
  const unsaved = unsavedIn(board).filter(
    (field) => now(field).length <= LONGEST_CHARS && !(field.id.startsWith("inspect-") && twinOf(field)),
  );
  for (const id of since.keys()) if (!unsaved.some((field) => field.id === id)) since.delete(id);
  const entries = [...unsaved.map(entryOf), ...absent];
  try {
    if (entries.length) localStorage.setItem(own, JSON.stringify(entries));
    else localStorage.removeItem(own);
  } catch {
    // Full or forbidden: leaving the page still asks first.
  }
}

async function findKept() {
  const found = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix()) || (key !== own && (await isOpenElsewhere(key.split(":").at(-1))))) continue;
    try {
      found.push(...JSON.parse(localStorage.getItem(key)));
    } catch {
      // Not ours to read: it goes.
    }
    localStorage.removeItem(key);
  }
  return found;
}

function drop({ id, was }) {
  const field = document.getElementById(id);
  if (!field) return;
  put(field, was);
  htmx.trigger(field.form, "save");
}

function discard(entries) {
  absent = absent.filter((entry) => !entries.includes(entry));
  for (const entry of entries) {
    discarded.set(entry.id, entry);
    drop(entry);
  }
  keep();
}

// The refusal of a text may arrive after the text was discarded, and brings it back.
function dropAgain() {
  for (const [id, entry] of discarded) {
    const field = document.getElementById(id);
    if (field && now(field) === entry.value) drop(entry);
  }
}

function notice(entries, text, link) {
  const note = document.createElement("span");
  note.className = "row";
  if (link) note.append(link);
  const button = document.createElement("button");
  button.className = "button small";
  button.textContent = "Discard";
  button.addEventListener("click", () => {
    discard(entries);
    dismiss(note.closest(".toast"));
  });
  note.append(button);
  toast(text, "noted", note);
}

const when = (at) => new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

// Into the fields it was typed into; what stands there by now decides whether that is a conflict.
function putBack(entries) {
  const forms = new Set();
  const here = entries.filter(({ id }) => document.getElementById(id));
  for (const { id, value, was, on, at } of here) {
    const field = document.getElementById(id);
    since.set(id, { at, on, was });
    put(field, value);
    if (said(field) !== was && said(field) !== value) fallsBehind(field, on);
    if (now(field) !== said(field)) forms.add(field.form);
  }
  for (const form of forms) htmx.trigger(form, "save");
  return here;
}

function linkTo(shot) {
  const link = document.createElement("a");
  link.className = "button small";
  link.href = `?shot=${shot}`;
  link.textContent = "Open the shot";
  return link;
}

function say(entries, what, link, most = 80) {
  if (!entries.length) return;
  const texts = entries.map(({ value }) => `“${value.length > most ? `${value.slice(0, most)}…` : value}”`);
  notice(entries, `Typed on ${when(entries[0].at)} and not saved: ${texts.join(", ")}. ${what}`, link);
}

async function restore() {
  own = prefix() + (await windowName);
  const entries = await findKept();
  if (!entries.length) return;
  const here = putBack(entries);
  absent = entries.filter((entry) => !here.includes(entry));
  keep();
  const later = absent.filter(({ shot }) => !shot || document.getElementById(`card-${shot}`));
  say(here, "It is back in its place.");
  say(later, "Open the shot to have it back.", later[0]?.shot && linkTo(later[0].shot));
  say(absent.filter((entry) => !later.includes(entry)), "The shot is gone: copy the text from here.", null, Infinity);
}

// Somebody deleted the shot that was being written. Should they bring it back, the text is in it.
function keepGone({ detail }) {
  const shot = shotOf(detail.id);
  if (absent.some((entry) => entry.shot === shot && entry.value === detail.value)) return;
  const entry = { ...detail, shot, at: since.get(detail.id)?.at ?? Date.now() };
  absent.push(entry);
  keep();
  // Where both versions stand side by side, the text is read already.
  if (shot && !isConflictOpen()) say([entry], "The shot is gone: copy the text from here.", null, Infinity);
}

export function keepOnDevice(root) {
  board = root;
  restore();
  document.addEventListener("htmx:afterSettle", dropAgain);
  board.addEventListener("input", ({ target }) => {
    discarded.delete(target.id);
    if (target.id) begin(target);
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  addEventListener("pagehide", keep);
  document.addEventListener("typedGone", keepGone);
  board.addEventListener("click", (event) => {
    if (!event.target.closest("#take-theirs")) return;
    const { shot } = document.getElementById("keep-mine").dataset;
    absent = absent.filter((entry) => entry.shot !== shot);
    keep();
  }, true);
  document.addEventListener("htmx:afterRequest", keep);
  document.addEventListener("htmx:afterSettle", () => {
    const back = absent.length ? putBack(absent) : [];
    if (back.length) absent = absent.filter((entry) => !back.includes(entry));
  });
}
