// One edit at a time, each on the revision that the one before it made, and the truth about both.
// Asking for a render takes its turn among them: nobody pays for what is not on the screen.

import { inTurn, patience, whenBack } from "../retrying.js";
import { toast } from "../toasts.js";
import { baseFor, forgetBase } from "./bases.js";
import { isOpen as isConflictOpen, isRefused, sayInDialog, settleConflicts } from "./clashing.js";
import { tell } from "./indicator.js";
import { mayLeave, mayRender } from "./guarding.js";
import { elementOf, isEdit, isOrder, isOurs, isSelection, keyOf, send, token } from "./requests.js";
import { AUTOSAVED, catchUp, revision, toSend, trim, unsavedIn, wasSaved } from "./typing.js";

const MOST_REPEATS = 12;

const waiting = new Set();
// Those whose answer did not come: they may have been made.
const lost = new Set();
let board = null;
let busy = null;
let turn = null;
let held = false;
let trouble = "";
let repeats = 0;
let failures = 0;
let offers = [];

export const isBusy = () => Boolean(busy);
export const isHeld = () => held;

function show() {
  const edits = [...waiting].filter((key) => elementOf(key) && isEdit(elementOf(key)));
  if (isConflictOpen()) return tell(board, "conflict", 0);
  tell(board, trouble || (isRefused() && "refused"), edits.length + (busy && isEdit(busy) ? 1 : 0));
}

function drop(unwanted, says) {
  for (const key of waiting) {
    if (typeof key !== "string" || !key.startsWith(unwanted)) continue;
    waiting.delete(key);
    if (says) toast(says, "failed");
  }
}

const dropSelections = () => drop("select-");
const dropOrders = () => drop("render-", "Nothing was sent: the board could not be saved first. Save it, then render.");

// While a card is held no swap may take it away: what wants to be sent waits until it is let go.
export function hold(isNowHeld) {
  held = isNowHeld;
  if (!held) next();
}

function next() {
  const [key] = waiting;
  if (key === undefined || busy || held) return show();
  if (isConflictOpen() && key !== "keep-mine") return show();
  waiting.delete(key);
  const element = elementOf(key);
  // Nothing is left to undo, say, since the edits before it: its button tells so.
  const isOver = element && element.matches(".history form:has(:disabled)");
  if (!element || isOver || (element.matches(AUTOSAVED) && !toSend(element).length)) return next();
  turn = key;
  send(element);
  turn = null;
}

function again(element, delay_ms) {
  const others = [...waiting];
  waiting.clear();
  for (const key of [keyOf(element), ...others]) waiting.add(key);
  inTurn(next, delay_ms);
}

// Whether the request may go now; if not, it waits for its turn or is not needed.
function mayGo(element) {
  const isChoosing = isConflictOpen() && isEdit(element) && element.id !== "keep-mine";
  const isBehind = isEdit(element) && waiting.size > 0 && trouble && trouble !== "failed" && turn !== keyOf(element);
  if (busy || held || isChoosing || isBehind || (isOrder(element) && waiting.size)) {
    if (isSelection(element)) dropSelections();
    waiting.add(keyOf(element));
    return false;
  }
  if (isOrder(element)) return mayRender(board, Boolean(trouble) || isConflictOpen());
  if (isSelection(element)) return mayLeave(document.getElementById("inspector"));
  // Enter sends what leaving the field has sent already.
  return !element.matches(AUTOSAVED) || toSend(element).length > 0;
}

function fail(element, xhr) {
  const { mood, delay_ms } = patience(xhr, failures);
  trouble = mood;
  failures += 1;
  dropOrders();
  lost.add(keyOf(element));
  if (delay_ms !== null) again(element, delay_ms);
  else waiting.add(keyOf(element));
}

function clash(element, xhr) {
  forgetBase(element);
  if (xhr.getResponseHeader("X-Clash") !== "no") {
    if (sayInDialog(element, xhr)) return;
    dropOrders();
    document.getElementById("conflict").scrollIntoView({ block: "nearest" });
    return;
  }
  // A field's text may be sent twice; another edit would be made twice.
  const isRepeatable = element.matches(AUTOSAVED) || element.id === "keep-mine";
  if (lost.delete(keyOf(element)) && !isRepeatable) return toast("The answer to your last change was lost. Look whether it is there, then repeat it if not.", "failed");
  repeats += 1;
  catchUp();
  if (element.id === "keep-mine") element.elements.base.value = revision();
  if (repeats <= MOST_REPEATS) return again(element, Math.random() * 60 * repeats);
  repeats = 0;
  trouble = "failed";
  waiting.add(keyOf(element));
  toast("Others change this board too fast just now. Press Try again.", "failed");
}

function configure({ elt, parameters, headers }) {
  if (isOrder(elt)) parameters.set("revision", revision());
  if (!isEdit(elt)) return;
  if (token()) headers["X-CSRFToken"] = token();
  if (failures) headers["X-Again"] = "yes";
  parameters.delete("csrfmiddlewaretoken");
  if (elt.id !== "keep-mine") parameters.set("base", baseFor(elt));
  parameters.set("seen", revision());
  if (elt.matches(AUTOSAVED)) trim(elt, parameters);
}

function finish(element, detail) {
  const { xhr } = detail;
  if (wasSaved(detail) || xhr.status === 409 || xhr.status === 422) trouble = "";
  if (xhr.status === 409) clash(element, xhr);
  else if (wasSaved(detail) || xhr.status === 422) {
    forgetBase(element);
    lost.delete(keyOf(element));
    // What Undo would take back is another edit now.
    if (wasSaved(detail)) for (const offer of offers) offer.remove();
    else dropSelections(); // the sentence stands in the inspector: let it be read
    if (!wasSaved(detail)) dropOrders();
    failures = repeats = 0;
  } else return fail(element, xhr);
  if (xhr.status === 409) failures = 0;
}

export function saveInTurn(root) {
  board = root;
  settleConflicts(board, next);
  whenBack(() => trouble && next());

  document.addEventListener("htmx:confirm", (event) => {
    const { elt } = event.detail;
    if (!isOurs(elt) || mayGo(elt)) return;
    event.preventDefault();
    if (!busy) setTimeout(next);
  });

  document.addEventListener("htmx:configRequest", (event) => configure(event.detail));

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (!isOurs(elt)) return;
    busy = elt;
    waiting.delete(keyOf(elt));
    if (isEdit(elt)) offers = [...document.querySelectorAll("[data-passing]")];
    if (!trouble) show();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = event.detail.requestConfig; // the event's own is another one when the swap replaced it
    if (!isOurs(elt) || busy !== elt) return;
    busy = null;
    if (isEdit(elt)) finish(elt, event.detail);
    if (!trouble && !repeats) setTimeout(next);
    show();
  });

  document.addEventListener("htmx:afterSettle", show);
  board.addEventListener("input", () => setTimeout(show));
  document.addEventListener("click", (event) => {
    if (event.target.closest("#try-again")) next();
  });

  window.addEventListener("beforeunload", (event) => {
    if (busy || waiting.size || unsavedIn(board).length) event.preventDefault();
  });
}
