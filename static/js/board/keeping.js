// What was typed and is not saved yet is kept on this device, for its author alone: it comes back
// after a closed tab, a crash or a new sign-in, and goes once it is saved.

import { toast } from "../shell.js";
import { fallsBehind, now, put, revision, said, unsavedIn } from "./typing.js";
import { isOpenElsewhere, windowName } from "./window.js";

const LONGEST_CHARS = 200_000;
const PAUSE_MS = 300;

let board = null;
let own = "";
let absent = [];
let timer = 0;

const since = new Map();
const prefix = () => `kept:${board.dataset.person}:${board.dataset.project}:`;

function labelOf(field) {
  const shot = field.id.match(/^(?:card|inspect)-(\d+)-/)?.[1];
  return { shot, label: field.ariaLabel || field.labels?.[0]?.textContent.trim() || field.name };
}

function entryOf(field) {
  const begun = since.get(field.id) ?? { at: Date.now(), on: revision(), was: said(field) };
  since.set(field.id, begun);
  return { id: field.id, value: now(field), ...begun, ...labelOf(field) };
}

function keep() {
  clearTimeout(timer);
  if (!own) return;
  const unsaved = unsavedIn(board).filter((field) => now(field) !== said(field));
  for (const id of since.keys()) if (!unsaved.some((field) => field.id === id)) since.delete(id);
  const entries = [...unsaved.map(entryOf), ...absent];
  const text = JSON.stringify(entries);
  try {
    if (!entries.length || text.length > LONGEST_CHARS) localStorage.removeItem(own);
    else localStorage.setItem(own, text);
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

function discard(entries) {
  absent = absent.filter((entry) => !entries.includes(entry));
  for (const { id, was } of entries) {
    const field = document.getElementById(id);
    if (!field) continue;
    put(field, was);
    htmx.trigger(field.form, "save");
  }
  keep();
}

function notice(entries, text) {
  const note = document.createElement("span");
  note.className = "row";
  const missing = entries.find((entry) => entry.shot && absent.includes(entry));
  if (missing && document.getElementById(`card-${missing.shot}`)) {
    const link = document.createElement("a");
    link.className = "button small";
    link.href = `?shot=${missing.shot}`;
    link.textContent = "Open the shot";
    note.append(link);
  }
  const button = document.createElement("button");
  button.className = "button small";
  button.textContent = "Discard";
  button.addEventListener("click", () => {
    discard(entries);
    note.closest(".toast").remove();
  });
  note.append(button);
  toast(text, note);
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

function say(entries) {
  const gone = entries.filter((entry) => absent.includes(entry) && !(entry.shot && document.getElementById(`card-${entry.shot}`)));
  const [first] = entries;
  const what = entries.length === 1 ? `“${first.value.slice(0, 80)}”` : `${entries.length} texts`;
  const where = gone.length === entries.length ? "Its field is not here any more." : absent.includes(first) ? "It comes back with its shot." : "It is back.";
  notice(entries, `${what}, typed on ${when(first.at)}, ${entries.length === 1 ? "was" : "were"} not saved. ${where}`);
}

async function restore() {
  own = prefix() + (await windowName);
  const entries = await findKept();
  if (!entries.length) return;
  const here = putBack(entries);
  absent = entries.filter((entry) => !here.includes(entry));
  keep();
  say(entries);
}

export function keepOnDevice(root) {
  board = root;
  restore();
  board.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  addEventListener("pagehide", keep);
  document.addEventListener("htmx:afterRequest", keep);
  document.addEventListener("htmx:afterSettle", () => {
    const back = absent.length ? putBack(absent) : [];
    if (back.length) absent = absent.filter((entry) => !back.includes(entry));
  });
}
