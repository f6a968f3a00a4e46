// Live parts of a page: each asks again and again whether it is still as the server has it.
//
//   <div id="desk-list" data-pulse hx-get="…?since={{ pulse }}" hx-trigger="every {{ pulse_s }}s"
//        hx-target="this" hx-swap="outerHTML">
//
// The view answers 204, without a template, while `since` is all there is; else the part anew, with
// its next `since` and its next rate: 1 s while something moves, 5 s or more when nothing does.
// Here: hidden tabs ask nothing, and at once when they are seen again; one pulse has one request on
// its way; while the studio is away one pulse asks for all, ever later, up to every 15 s. A part in
// which a menu is open, something is pressed, or `data-held` stands (while it is dragged, say) waits.
// What a swap leaves alone is in keeping.js: give rows and menus an id, so that they are found again.

import { patience, whenBack } from "./retrying.js";
import { signInLink } from "./shell.js";
import { toast } from "./toasts.js";

const LONGEST_MS = 15_000;
const ANSWERED_WITHIN_MS = 10_000;
const SAID_AFTER_MS = 3_000;
const OPEN_LIST = CSS.supports("selector(select:open)") ? ", select:open" : "";
const IN_USE = `[data-held], :popover-open${OPEN_LIST}`;

// Who asks, by name. What something else swapped away meanwhile is not heard of again.
const onTheirWay = new Map();
const isOnItsWay = (name) => Boolean(onTheirWay.get(name)?.isConnected);
// Those that something else than the time asked for meanwhile: what they bring may be older than that.
const outrun = new Set();
const over = new Set();
const says = document.getElementById("connection");
let tries = 0;
let retryTimer = 0;
let sayTimer = 0;
let probe = "";
let isProbing = false;
let composing = null;

const isPulse = (element) => element.hasAttribute("data-pulse");

// The same before and after a swap, and whatever has been seen.
const nameOf = (pulse) => pulse.id || pulse.getAttribute("hx-get").split("?")[0];

const pulses = () => [...document.querySelectorAll("[data-pulse]")].filter((pulse) => !over.has(nameOf(pulse)));

const isInUse = (part) => part.contains(composing) || part.matches(":active") || Boolean(part.querySelector(IN_USE));

function mayBeat(pulse) {
  const name = nameOf(pulse);
  if (document.hidden || isOnItsWay(name) || over.has(name)) return false;
  return tries ? isProbing : !isInUse(pulse);
}

// What becomes of it, the events below tell.
const beat = (pulse) => htmx.ajax("get", pulse.getAttribute("hx-get"), { source: pulse }).catch(() => {});

function succeed() {
  if (!tries) return;
  tries = 0;
  clearTimeout(retryTimer);
  clearTimeout(sayTimer);
  says.replaceChildren();
  setTimeout(() => pulses().forEach(beat));
}

// One asks for all; which one, is chosen anew each time, for parts come and go.
function ask() {
  clearTimeout(retryTimer);
  retryTimer = setTimeout(ask, LONGEST_MS);
  const [pulse] = pulses();
  if (!pulse) return succeed();
  probe = nameOf(pulse);
  isProbing = true;
  beat(pulse);
  isProbing = false;
}

function fail(name, mood, delay_ms) {
  if (tries && name !== probe) return;
  if (!tries) sayTimer = setTimeout(() => { says.textContent = "Reconnecting…"; }, SAID_AFTER_MS);
  if (mood === "signed-out") {
    clearTimeout(sayTimer);
    says.replaceChildren("You were signed out. This page shows nothing new until you sign in again.", signInLink());
  }
  tries += 1;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(ask, delay_ms ?? LONGEST_MS);
}

// Refused for good: the part, or the person's place here, is no more. Said once.
function end(name, xhr) {
  over.add(name);
  const sentence = xhr.getResponseHeader("X-Says");
  if (sentence) toast(decodeURIComponent(sentence), "failed");
}

document.addEventListener("htmx:confirm", (event) => {
  const { elt, triggeringEvent } = event.detail;
  if (!isPulse(elt) || mayBeat(elt)) return;
  event.preventDefault();
  if (triggeringEvent && isOnItsWay(nameOf(elt))) outrun.add(nameOf(elt));
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (isPulse(detail.elt)) detail.timeout = ANSWERED_WITHIN_MS;
});

document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig } }) => {
  if (isPulse(requestConfig.elt)) onTheirWay.set(nameOf(requestConfig.elt), requestConfig.elt);
});

// Pressed while the answer was on its way: the next pulse brings it again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target } = event.detail;
  if (isPulse(requestConfig.elt) && isInUse(target)) event.preventDefault();
});

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
  if (!isPulse(requestConfig.elt)) return;
  const name = nameOf(requestConfig.elt);
  onTheirWay.delete(name);
  if (outrun.delete(name)) setTimeout(() => pulses().filter((pulse) => nameOf(pulse) === name).forEach(beat));
  if (xhr.status >= 200 && xhr.status < 400) return succeed();
  const { mood, delay_ms } = patience(xhr, tries, LONGEST_MS);
  if (mood === "failed") end(name, xhr);
  else fail(name, mood, delay_ms);
});

addEventListener("compositionstart", ({ target }) => { composing = target; });
addEventListener("compositionend", () => { composing = null; });

whenBack(() => (tries ? ask() : pulses().forEach(beat)));
