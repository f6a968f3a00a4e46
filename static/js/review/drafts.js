// What somebody has begun to write outlives a reload and a way back, in this window alone, until it
// is sent: a note with its time and drawing, the reason of a decision.

const FORMS = ["note-form", "decide-form"];
const KEPT = ["text", "begins", "ends", "shot", "channel", "drawing", "note"];
const keyOf = (id) => `draft ${location.pathname} ${id}`;
const wordsOf = (form) => (form.elements.text ?? form.elements.note).value.trim() || form.elements.drawing?.value;

function keep(form) {
  const kept = [...new FormData(form)].filter(([name]) => KEPT.includes(name));
  try {
    if (wordsOf(form)) sessionStorage.setItem(keyOf(form.id), JSON.stringify(kept));
    else sessionStorage.removeItem(keyOf(form.id));
  } catch {
    sessionStorage.removeItem(keyOf(form.id)); // the window's storage is full: half a drawing is of no use
  }
}

function bringBack(form) {
  const kept = sessionStorage.getItem(keyOf(form.id));
  if (!kept || wordsOf(form)) return;
  form.dataset.pinned = ""; // its time is what it was, also if it had none
  for (const [name, value] of JSON.parse(kept)) if (form.elements[name]) form.elements[name].value = value;
}

const formsHere = () => FORMS.map((id) => document.getElementById(id)).filter(Boolean);

// Tools and buttons change a form without an input event, so all is looked at when the page goes;
// a form that has gone was sent.
addEventListener("pagehide", () => {
  for (const id of FORMS) if (!document.getElementById(id)) sessionStorage.removeItem(keyOf(id));
  formsHere().forEach(keep);
});
document.addEventListener("input", ({ target }) => FORMS.includes(target.form?.id) && keep(target.form));
formsHere().forEach(bringBack);
