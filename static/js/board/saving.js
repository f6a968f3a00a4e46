// One edit at a time, each on the revision that the one before it made, and the truth about both.
// An order to render takes its turn among them: nobody pays for what is not on the screen.

import { toast } from "../shell.js";
import { toSend, trim, unsavedIn, wasSaved } from "./typing.js";

const waiting = new Set();
let busy = false;
let held = false;
let ordering = false;
let failedId = "";
let leaves = false;
let offers = [];

const isEdit = (element) => element.matches?.("[data-edit]");
const isSelection = (element) => element.matches?.("[hx-replace-url]");
const isOrder = (element) => element.matches?.("[data-render]");
const isOurs = (element) => isEdit(element) || isSelection(element) || isOrder(element);
const cookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

function show(text, icon, mood) {
  const state = document.getElementById("save-state");
  state.className = `save-state ${mood}`;
  state.querySelector(".text").textContent = text;
  state.querySelector(".icon").className = `icon icon-${icon}`;
  document.getElementById("try-again").hidden = mood !== "failed";
  // Read aloud, it outlives the swaps: what was saved or refused is written there by the answer.
  const spoken = mood === "failed" ? "Not saved: press Try again." : "";
  document.getElementById("save-says").textContent = spoken;
}

function send(element) {
  const event = isSelection(element) ? "select" : element.tagName === "BUTTON" ? "click" : "save";
  htmx.trigger(element, event === "save" && !element.matches("[hx-trigger*=save]") ? "submit" : event);
}

function dropSelections() {
  for (const id of waiting) if (id.startsWith("select-")) waiting.delete(id);
}

function dropOrders() {
  for (const id of waiting) {
    if (!id.startsWith("render-")) continue;
    waiting.delete(id);
    toast("Nothing was sent: the board could not be saved first. Save it, then render.");
  }
}

export const isBusy = () => busy;

// While a card is held no swap may take it away: what wants to be sent waits until it is let go.
export function hold(isHeld) {
  held = isHeld;
  if (!held) next();
}

function next() {
  const [id] = waiting;
  if (id === undefined || busy || held) return;
  waiting.delete(id);
  const element = document.getElementById(id);
  if (element) send(element);
  else next();
}

// Whether the request may go now; if not, it waits for its turn or is not needed.
function mayGo(element) {
  if (busy || held || (isOrder(element) && waiting.size)) {
    if (isSelection(element)) dropSelections();
    waiting.add(element.id);
    return false;
  }
  if (isOrder(element)) {
    const [unsaved] = unsavedIn(document.getElementById("board"));
    if (!unsaved && !failedId) return true;
    toast("Nothing was sent: something on this board is not saved. Mend or save it, then render.");
    unsaved?.focus();
    return false;
  }
  if (isSelection(element)) {
    const unsaved = toSend(document.getElementById("inspector")).length > 0;
    if (unsaved) toast("What you typed in the inspector is not saved yet. Save it first.");
    return !unsaved;
  }
  // Enter sends what leaving the field has sent already.
  return !element.matches("[hx-trigger*=change]") || toSend(element).length > 0;
}

export function saveInTurn(board) {
  document.addEventListener("htmx:confirm", (event) => {
    const { elt } = event.detail;
    if (!isOurs(elt) || mayGo(elt)) return;
    event.preventDefault();
    if (!busy) setTimeout(next);
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, headers } = event.detail;
    if (isOrder(elt)) parameters.set("revision", document.getElementById("board-state").dataset.revision);
    if (!isEdit(elt)) return;
    // Signing in again in another tab makes new tokens: the cookie has the one that counts.
    const token = cookie("csrftoken");
    if (token) headers["X-CSRFToken"] = token;
    parameters.delete("csrfmiddlewaretoken");
    if (elt.id !== "keep-mine") parameters.set("base", document.getElementById("board-state").dataset.revision);
    if (elt.tagName === "FORM" && elt.id !== "order") trim(elt, parameters);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (isOurs(elt)) busy = true;
    ordering ||= isOrder(elt);
    if (!isEdit(elt)) return;
    offers = [...document.querySelectorAll("[data-passing]")];
    show("Saving…", "refresh-cw", "saving");
  });

  // The answer to an order needs the form it came from, and brings a fresh panel anyway.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (ordering && target.closest("#takes-panel") && !isOrder(requestConfig.elt)) event.preventDefault();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, xhr } = event.detail;
    const { elt } = requestConfig; // the event's own is another one when the swap replaced it
    if (!isOurs(elt)) return;
    busy = ordering = false;
    if (!isEdit(elt)) {
      // The pressed button was swapped away: keyboards go on from the takes.
      if (isOrder(elt)) setTimeout(() => document.activeElement === document.body && document.getElementById("takes-heading")?.focus());
      setTimeout(next);
      return;
    }
    if (!wasSaved(event.detail)) dropOrders();
    failedId = "";
    if (wasSaved(event.detail)) {
      // What Undo would take back is another edit now.
      for (const offer of offers) offer.remove();
    } else if (xhr.status === 409) {
      show("Not saved · choose a version", "circle-alert", "conflict");
      document.getElementById("conflict").scrollIntoView({ block: "nearest" });
      return;
    } else if (xhr.status === 422) {
      dropSelections(); // the sentence stands in the inspector: let it be read
    } else {
      failedId = elt.id;
      show("Not saved", "circle-alert", "failed");
      return;
    }
    setTimeout(next);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#try-again")) {
      const element = document.getElementById(failedId);
      if (element) send(element);
    }
    if (event.target.closest("[data-leaves]")) leaves = true;
  });

  window.addEventListener("beforeunload", (event) => {
    if (!leaves && (busy || waiting.size || unsavedIn(board).length)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    document.getElementById(event.shiftKey ? "redo-button" : "undo-button")?.click();
  });
}
