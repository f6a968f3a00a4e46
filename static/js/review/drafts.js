// What somebody has begun to write outlives a reload, a way back and a form that was swapped away,
// in this window alone, until it is sent. A form says by `data-draft` which of its fields are kept;
// they are worth it as soon as one of its textareas says something else than `data-was`, what is
// saved. It is one person's (`data-person`), and goes when they sign out (shell.js).

const onTheirWay = new Set();

const prefix = () => `kept:${document.querySelector("[data-person]")?.dataset.person}:`;
const keyOf = (form) => `${prefix()}${new URL(form.action).pathname} ${form.dataset.draftOf ?? ""}`;
const namesIn = (form) => form.dataset.draft.split(" ");
const formsHere = () => [...document.querySelectorAll("form[data-draft]")];

function isBegun(form) {
  const texts = namesIn(form).map((name) => form.elements[name]).filter((field) => field?.localName === "textarea");
  return texts.some(({ value, dataset }) => value !== (dataset.was ?? ""));
}

export const drop = (form) => sessionStorage.removeItem(keyOf(form));

function keep(form) {
  if (!isBegun(form)) return drop(form);
  const fields = [...new FormData(form)].filter(([name]) => namesIn(form).includes(name));
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ fields, isSent: onTheirWay.has(form) }));
  } catch {
    drop(form); // the window's storage is full: half a drawing is of no use
  }
}

// Sent before a reload, and accepted although nobody heard the answer: then it can be read here.
const READ = ".said, .history .note, .verdict-says";
const isSaid = (words) => [...document.querySelectorAll(READ)].some((one) => one.textContent.trim() === words.trim());

function bringBack(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)));
  if (!kept || isBegun(form)) return;
  if (kept.isSent && isSaid(new Map(kept.fields).get(namesIn(form)[0]) || " ")) return drop(form);
  for (const [name, value] of kept.fields) if (form.elements[name]) form.elements[name].value = value;
  if (!isBegun(form)) return drop(form); // it is saved by now
  form.dispatchEvent(new CustomEvent("draftBack", { bubbles: true }));
}

// Also for the page as it loads: by then every module listens.
document.addEventListener("htmx:load", () => {
  const isAny = Object.keys(sessionStorage).some((key) => key.startsWith(prefix()));
  if (isAny) formsHere().forEach(bringBack);
});

document.addEventListener("input", ({ target }) => target.form?.dataset.draft && keep(target.form));
// Some buttons change a form without an input event.
addEventListener("pagehide", () => formsHere().forEach(keep));
document.addEventListener("click", ({ target }) => {
  const form = target.closest("[data-close], [data-stop-editing]")?.closest("form[data-draft]");
  if (form) drop(form);
}, true);

document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig: { elt } } }) => {
  if (!elt.dataset.draft) return;
  onTheirWay.add(elt);
  keep(elt);
});

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt }, xhr } }) => {
  if (!onTheirWay.delete(elt)) return;
  if (xhr.status >= 200 && xhr.status < 300) drop(elt);
  else keep(elt);
});
