// Typed text outlives every swap. A field that differs from what the server last said is carried
// into the fields that replace it, then saved in its turn.

const sent = new Map();
const carried = [];
let caret = null;

const said = (field) =>
  field.tagName === "SELECT"
    ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.defaultValue;

export const wasSaved = ({ xhr }) => xhr.status >= 200 && xhr.status < 300;

const fieldsIn = (part) =>
  [...part.querySelectorAll("input[id], textarea[id], select[id]")].filter(
    (field) => field.type !== "hidden",
  );

const isRefused = (field) => field.getAttribute("aria-invalid") === "true";

const isUnsaved = (field) => field.value !== said(field) || isRefused(field);

export const unsavedIn = (part) => fieldsIn(part).filter(isUnsaved);

// What a form sends: only what changed, so that one wrong field does not hold up the others.
export const toSend = (form) =>
  fieldsIn(form).filter(
    (field) => field.value !== said(field) || (isRefused(field) && field === document.activeElement),
  );

export function trim(form, parameters) {
  const chosen = toSend(form);
  for (const field of fieldsIn(form)) {
    if (!chosen.includes(field)) parameters.delete(field.name);
    else for (const place of [field, twinOf(field)]) if (place) sent.set(place.id, field.value);
  }
}

function twinOf(field) {
  const [, place, shot, name] = field.id.match(/^(card|inspect)-(\d+)-(prompt|duration)$/) ?? [];
  return place && document.getElementById(`${place === "card" ? "inspect" : "card"}-${shot}-${name}`);
}

export function keepTyped(board) {
  board.addEventListener("input", (event) => {
    const twin = twinOf(event.target);
    if (twin) twin.value = event.target.value;
  });

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    for (const field of unsavedIn(event.detail.target)) {
      if (sent.get(field.id) !== field.value) carried.push([field.id, field.value]);
    }
  });

  document.addEventListener("htmx:beforeSwap", () => {
    const { id, selectionStart, selectionEnd } = document.activeElement;
    caret = selectionEnd > 0 ? { id, selectionStart, selectionEnd } : null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    for (const field of unsavedIn(document.getElementById("grid"))) {
      const twin = twinOf(field);
      if (twin && twin !== document.activeElement) twin.value = field.value;
    }
    for (const [id, value] of carried.splice(0)) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      field.value = value;
      if (field !== document.activeElement) htmx.trigger(field.form, "save");
    }
    // htmx loses a selection that starts at 0: what was selected whole would be typed into.
    const focused = document.activeElement;
    if (caret?.id && caret.id === focused.id) focused.setSelectionRange(caret.selectionStart, caret.selectionEnd);
    caret = null;
  });

  // Text set by a script fires no change event when the field is left.
  board.addEventListener("focusout", (event) => {
    const field = event.target;
    if (!field.form?.matches("[data-edit]") || field.type === "hidden" || !("value" in field)) return;
    if (field.value !== said(field) && sent.get(field.id) !== field.value) {
      setTimeout(() => field.isConnected && sent.get(field.id) !== field.value && htmx.trigger(field.form, "save"));
    }
  });

  // A refused or lost request is to be tried again with the same text.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!wasSaved(event.detail)) for (const field of fieldsIn(board)) sent.delete(field.id);
  });
}
