// Typed text outlives every swap. A field that differs from what the server last said is carried
// into the fields that replace it, then saved in its turn: on the revision it was typed on, so that
// what somebody else wrote into the same field meanwhile is never overwritten unseen.

const sent = new Map();
const behind = new Map();
const carried = [];
let travelling = [];
let caret = null;

// The forms that are saved field by field; any other is sent whole, by its button.
export const AUTOSAVED = "[data-edit][hx-trigger*=change]";

const isTick = (field) => field.type === "checkbox";

export const now = (field) => (isTick(field) ? String(field.checked) : field.value);

export function said(field) {
  if (isTick(field)) return String(field.defaultChecked);
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

export function put(field, value) {
  if (isTick(field)) field.checked = value === "true";
  else {
    // A table's lists have but the chosen word until they are opened.
    if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) field.append(new Option(value, value));
    field.value = value;
  }
}

export const revision = () => Number(document.getElementById("board-state").dataset.revision);

export const wasSaved = ({ xhr }) => xhr.status >= 200 && xhr.status < 300;

// In the table a form's fields stand in the cells of its row, not inside of it.
const ownFieldsOf = (form) =>
  [...form.elements].filter((field) => field.id && field.matches("input, textarea, select") && field.type !== "hidden");

const fieldsIn = (part) =>
  [...part.querySelectorAll(":is(input, textarea, select)[id]")].filter(
    (field) => field.form?.matches(AUTOSAVED) && field.type !== "hidden",
  );

const isRefused = (field) => field.getAttribute("aria-invalid") === "true";

const isUnsaved = (field) => now(field) !== said(field) || isRefused(field);

export const unsavedIn = (part) => fieldsIn(part).filter(isUnsaved);

// What says something only together is sent together.
const PARTNERS = { subject_x: "subject_y", subject_y: "subject_x" };

export const partnerOf = (field) => field.name in PARTNERS && field.form?.elements[PARTNERS[field.name]];

const isToSend = (field) => now(field) !== said(field) || (isRefused(field) && field === document.activeElement);

// What a form sends: only what changed, so that one wrong field does not hold up the others.
export const toSend = (form) =>
  ownFieldsOf(form).filter((field) => isToSend(field) || (partnerOf(field) && isToSend(partnerOf(field))));

export function trim(form, parameters) {
  const chosen = toSend(form);
  travelling = chosen.map((field) => field.id);
  for (const field of ownFieldsOf(form)) {
    if (!chosen.includes(field)) parameters.delete(field.name);
    else for (const place of [field, twinOf(field)]) if (place) sent.set(place.id, now(place));
  }
}

// The revision that what this form sends was typed on.
export const baseOf = (form) =>
  Math.min(revision(), ...toSend(form).map((field) => behind.get(field.id) ?? Infinity));

export const fallsBehind = (field, typedOn) => behind.set(field.id, typedOn);

// What was sent last does not clash with what the server has by now.
export function catchUp() {
  for (const id of travelling) behind.delete(id);
}

// Both versions were seen, and theirs taken.
export function giveUp(field) {
  put(field, said(field));
  behind.delete(field.id);
}

// Chosen: it is sent by the choice, and not to be carried into the field again.
export function letGo(field) {
  behind.delete(field.id);
  sent.set(field.id, now(field));
}

// The same field in the card or table, and in the inspector.
export function twinOf(field) {
  const [, place, shot, name] = field.id.match(/^(card|inspect)-(\d+)-(\w+)$/) ?? [];
  return place && document.getElementById(`${place === "card" ? "inspect" : "card"}-${shot}-${name}`);
}

function forget(field) {
  if (field && now(field) === said(field) && !isRefused(field)) behind.delete(field.id);
}

function carryOver() {
  const focused = document.activeElement;
  for (const [id, value, former, typedOn] of carried.splice(0)) {
    const field = document.getElementById(id);
    if (!field) document.dispatchEvent(new CustomEvent("typedGone", { detail: { id, value, was: former, on: typedOn } }));
    if (!field || now(field) === value) continue;
    if (said(field) !== former && !sent.has(id) && !behind.has(id)) behind.set(id, typedOn);
    put(field, value);
    if (field !== focused && (!focused.id || twinOf(field) !== focused)) htmx.trigger(field.form, "save");
  }
}

export function keepTyped(board) {
  board.addEventListener("input", (event) => {
    const twin = twinOf(event.target);
    if (twin) put(twin, now(event.target));
    forget(event.target);
  });

  // A refused or lost request is to be tried again with the same text.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt.matches?.("[data-edit]") && !wasSaved(event.detail)) sent.clear();
  });

  // A command run by its keys comes before the field is left: what was typed there goes first.
  document.addEventListener("click", (event) => {
    const { form } = document.activeElement;
    if (event.target.matches("[data-command]") && form?.matches(AUTOSAVED) && toSend(form).length) htmx.trigger(form, "save");
  }, true);

  let on = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    on = revision();
    const { id, selectionStart, selectionEnd } = document.activeElement;
    caret = selectionEnd > 0 ? { id, selectionStart, selectionEnd } : null;
  });

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    for (const field of unsavedIn(event.detail.target)) {
      if (sent.get(field.id) !== now(field)) carried.push([field.id, now(field), said(field), on]);
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    for (const field of unsavedIn(board)) {
      const twin = twinOf(field);
      if (twin && twin !== document.activeElement && field.id.startsWith("card-")) put(twin, now(field));
    }
    carryOver();
    for (const id of behind.keys()) forget(document.getElementById(id));
    // htmx loses a selection that starts at 0: what was selected whole would be typed into.
    const focused = document.activeElement;
    if (caret?.id && caret.id === focused.id) focused.setSelectionRange?.(caret.selectionStart, caret.selectionEnd);
    caret = null;
  });

  // Text set by a script fires no change event when the field is left.
  board.addEventListener("focusout", (event) => {
    const field = event.target;
    if (!field.form?.matches(AUTOSAVED) || field.type === "hidden" || !("value" in field)) return;
    const isToBeSaved = () => now(field) !== said(field) && sent.get(field.id) !== now(field);
    if (isToBeSaved()) setTimeout(() => field.isConnected && isToBeSaved() && htmx.trigger(field.form, "save"));
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt.matches?.("[data-edit]")) sent.clear();
  });

  // Typed and left before the scripts had come: nobody saw it. (htmx is ready by then.)
  document.addEventListener("DOMContentLoaded", () => {
    const left = unsavedIn(board).filter((field) => field !== document.activeElement);
    for (const form of new Set(left.map((field) => field.form))) htmx.trigger(form, "save");
  });
}
