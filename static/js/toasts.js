// What is said in passing, in a corner of every page. Whatever comes into one of the two lists, with
// the page, with a swap or by `toast`, is looked after here alike. Its class says how it stands:
//
//   done    it worked                     goes by itself
//   noted   worth knowing                 goes by itself
//   failed  it did not work               stays until it is dismissed
//
// What offers something to press stays, too. None goes while it is pointed at or has the focus, or
// while the page is not seen.

const SHOWN_MS = 8000;
const READ_MS = 70; // each letter
const LOOK_AGAIN_MS = 1000;

const toasts = document.getElementById("toasts");
const said = document.getElementById("toasts-said");
const failed = document.getElementById("toasts-failed");
const home = toasts.parentElement;
let pointer = null;
let cameFrom = null;

const wordsOf = (note) => note.firstElementChild.textContent;

// `more`: an element with what can be pressed. What is said once more takes the place of the former.
export function toast(sentence, mood, more = "") {
  const list = mood === "failed" ? failed : said;
  const [note, words] = [document.createElement("div"), document.createElement("span")];
  note.className = `toast ${mood}`;
  words.textContent = sentence;
  note.append(words, more);
  for (const former of [...list.children]) if (wordsOf(former) === sentence) former.remove();
  list.append(note);
}

export function dismiss(note) {
  const hadFocus = note.contains(document.activeElement);
  note.remove();
  if (!hadFocus) return;
  const next = toasts.querySelector(".dismiss") ?? (cameFrom?.isConnected ? cameFrom : document.getElementById("main"));
  next.focus({ preventScroll: true });
}

// Below a passing one everything can still be pressed (shell.css): it hears of no pointer itself.
function isPointedAt(note) {
  const { left, right, top, bottom } = note.getBoundingClientRect();
  return pointer && pointer.x >= left && pointer.x <= right && pointer.y >= top && pointer.y <= bottom;
}

function pass(note) {
  if (!note.isConnected) return;
  if (document.hidden || note.contains(document.activeElement) || isPointedAt(note)) setTimeout(pass, LOOK_AGAIN_MS, note);
  else note.remove();
}

function dismissButton() {
  const [button, icon] = [document.createElement("button"), document.createElement("span")];
  button.type = "button";
  button.className = "button quiet small icon-only dismiss";
  button.ariaLabel = "Dismiss";
  icon.className = "icon icon-x";
  icon.ariaHidden = "true";
  button.append(icon);
  return button;
}

// Beside a modal dialog all is dim, deaf and mute: while one is open, it is said in there.
function settle() {
  const place = document.querySelector("dialog:modal") ?? home;
  if (toasts.parentElement !== place) place.append(toasts);
}

function receive(note) {
  if (!note.isConnected || !note.matches(".done, .noted, .failed") || note.querySelector(".dismiss")) return;
  settle();
  const isPassing = !note.matches(".failed") && !note.querySelector("a, button");
  note.append(dismissButton());
  toasts.scrollTop = toasts.scrollHeight;
  if (isPassing) setTimeout(pass, Math.max(SHOWN_MS, READ_MS * wordsOf(note).length), note);
}

const watch = new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const note of addedNodes) if (note.matches?.(".toast")) receive(note);
});

for (const list of [said, failed]) {
  watch.observe(list, { childList: true });
  list.append(...list.children); // what came with the page is read out only when it is put there anew
}

toasts.addEventListener("click", ({ target }) => {
  if (target.closest(".dismiss")) dismiss(target.closest(".toast"));
});

toasts.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  event.preventDefault(); // it would close the dialog
  dismiss(event.target.closest(".toast"));
});

toasts.addEventListener("focusin", ({ relatedTarget }) => {
  if (relatedTarget && !toasts.contains(relatedTarget)) cameFrom = relatedTarget;
});

// Before the dialog's content goes, and they with it.
document.addEventListener("close", settle, true);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.contains(toasts)) home.append(toasts);
});

// A finger stays nowhere.
addEventListener("pointermove", (event) => { pointer = event.pointerType === "touch" ? null : event; }, { passive: true });
document.documentElement.addEventListener("pointerleave", () => { pointer = null; });
