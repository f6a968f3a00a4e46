// One edit at a time, each on the revision that the one before it made, and the truth about both.

import { toSend, trim, unsavedIn, wasSaved } from "./typing.js";

const waiting = new Map();
let busy = false;
let failedId = "";
let leaves = false;
let offers = [];

const isEdit = (element) => element.matches?.("[data-edit]");
const cookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

function show(text, icon, mood) {
  const state = document.getElementById("save-state");
  state.className = `save-state ${mood}`;
  state.querySelector(".text").textContent = text;
  state.querySelector(".icon").className = `icon icon-${icon}`;
  document.getElementById("try-again").hidden = mood !== "failed";
}

function send(element) {
  htmx.trigger(element, element.tagName === "BUTTON" ? "click" : element.matches("[hx-trigger*=save]") ? "save" : "submit");
}

function next() {
  const [id] = waiting.keys();
  if (id === undefined) return;
  waiting.delete(id);
  const element = document.getElementById(id);
  if (element) send(element);
  else next();
}

export function saveInTurn(board) {
  document.addEventListener("htmx:confirm", (event) => {
    const element = event.detail.elt;
    if (!isEdit(element)) return;
    if (element.matches("[hx-trigger*=change]") && !toSend(element).length) {
      event.preventDefault(); // Enter sends what leaving the field has sent already
    } else if (busy) {
      event.preventDefault();
      waiting.set(element.id, true);
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, headers } = event.detail;
    if (!isEdit(elt)) return;
    // Signing in again in another tab makes new tokens: the cookie has the one that counts.
    const token = cookie("csrftoken");
    if (token) headers["X-CSRFToken"] = token;
    parameters.delete("csrfmiddlewaretoken");
    if (elt.id !== "keep-mine") parameters.set("base", document.getElementById("board-state").dataset.revision);
    if (elt.tagName === "FORM" && elt.id !== "order") trim(elt, parameters);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isEdit(event.detail.elt)) return;
    busy = true;
    offers = [...document.querySelectorAll("[data-passing]")];
    show("Saving…", "refresh-cw", "saving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, xhr } = event.detail;
    const { elt } = requestConfig; // the event's own is another one when the swap replaced it
    if (!isEdit(elt)) return;
    busy = false;
    failedId = "";
    if (wasSaved(event.detail)) {
      // What Undo would take back is another edit now.
      for (const offer of offers) offer.remove();
    } else if (xhr.status === 409) {
      show("Not saved · choose a version", "circle-alert", "conflict");
      document.getElementById("conflict").scrollIntoView({ block: "nearest" });
      return;
    } else if (xhr.status !== 422) {
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
