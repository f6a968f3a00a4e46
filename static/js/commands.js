// Every control with `data-command` can be found by its words and run by its `data-keys`: what the
// palette and the `?` sheet show is read from the page, so it is never another than what there is.

const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);
const SIGNS = {
  Mod: isMac ? "⌘" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
  Shift: isMac ? "⇧" : "Shift",
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc",
};
const CODES = { Mod: isMac ? "Meta" : "Control" };
const AWAY = "[hidden], [inert], :disabled, [aria-disabled=true]";
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range]), textarea, select, [contenteditable=true]";
// With Ctrl or ⌘ these mean the text that is being typed, not the board.
const TEXT_KEYS = /^[acvxyz]$/;

const combinations = (keys) => keys.split(" / ").map((combination) => combination.split(/\+(?=.)/));

// The signs of `Mod+D / Delete` on this machine: [["Ctrl", "D"], ["Delete"]].
export const signsOf = (keys) =>
  combinations(keys).map((parts) => parts.map((part) => SIGNS[part] ?? part));

export function kbds(keys) {
  const all = document.createDocumentFragment();
  for (const [place, signs] of signsOf(keys).entries()) {
    if (place) all.append(" or ");
    for (const sign of signs) {
      const key = document.createElement("kbd");
      key.textContent = sign;
      all.append(key);
    }
  }
  return all;
}

// Under a modal dialog nothing else can be reached, so nothing else is run.
const reachable = () => document.querySelector("dialog:modal") ?? document;

function groupOf(element) {
  const named = element.closest("[data-command-group]");
  if (named) return named.dataset.commandGroup;
  return element.closest(":is([role=toolbar], nav, aside, section)[aria-label]")?.ariaLabel ?? "This page";
}

// The page's commands in its order; of several with the same words, the first.
export function allCommands() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-command]")) {
    const { command, keys = "" } = element.dataset;
    const former = found.get(command);
    if (former && !former.element.closest(AWAY)) continue;
    found.set(command, { words: command, keys, group: groupOf(element), element });
  }
  return [...found.values()];
}

export const commandsNow = () => allCommands().filter(({ element }) => !element.closest(AWAY));

// What is done without a control: `data-hint` says what, `data-hint-keys` how.
export const hints = () =>
  [...document.querySelectorAll("[data-hint]")].map((element) => ({
    words: element.dataset.hint, keys: element.dataset.hintKeys, group: groupOf(element),
  }));

export function run(element) {
  if (element.matches(TYPED_INTO)) element.focus();
  else element.click();
}

function isPressed(event, parts) {
  const key = parts.at(-1);
  const letter = /^[a-z]$/i.test(key);
  // ⌥S and Ctrl+Alt+S type other characters: the key itself is what counts.
  const pressed = letter && event.altKey ? event.code.replace("Key", "") : event.key.replace(" ", "Space");
  const shift = parts.includes("Shift");
  return (
    pressed.toLowerCase() === key.toLowerCase() &&
    (isMac ? event.metaKey : event.ctrlKey) === parts.includes("Mod") &&
    !(isMac ? event.ctrlKey : event.metaKey) &&
    event.altKey === parts.includes("Alt") &&
    // Shift is part of what makes a “?”; of a letter or an arrow it makes another command.
    (event.shiftKey === shift || (key.length === 1 && !letter && !shift))
  );
}

// A dialog that was just closed keeps the focus for a moment; nobody types into it any more.
const isTypedInto = (target) => target.matches?.(TYPED_INTO) && !target.closest("dialog:not([open])");

function isForText(event) {
  if (!isTypedInto(event.target)) {
    const copies = event.key.toLowerCase() === "c" && !getSelection().isCollapsed;
    return copies && (event.ctrlKey || event.metaKey);
  }
  return !(event.ctrlKey || event.metaKey) || TEXT_KEYS.test(event.key.toLowerCase());
}

// A link is followed by Enter alone: Space plays the film from there too.
const PRESSED_BY = { Enter: "a, button, summary, input", " ": "button, summary, input, [role=button]" };
const pressesItself = (event) => event.key in PRESSED_BY && event.target.closest?.(PRESSED_BY[event.key]);

// Tabs, open menus and sliders walk with the arrows themselves.
const walks = (event) =>
  event.key.startsWith("Arrow") && event.target.closest?.("[role=tab], .menu, input:is([type=range], [type=radio]), video[controls]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || isForText(event) || pressesItself(event) || walks(event)) return;
  const element = [...reachable().querySelectorAll("[data-keys]")].find(
    (control) => !control.closest(AWAY) && combinations(control.dataset.keys).some((parts) => isPressed(event, parts)),
  );
  if (!element) return;
  event.preventDefault();
  run(element);
});

// Menus show the keys of their items, and screen readers hear those of every control.
function tell(root) {
  for (const control of root.querySelectorAll("[data-keys]:not([aria-keyshortcuts])")) {
    const { keys } = control.dataset;
    const spelled = combinations(keys).map((parts) => parts.map((part) => CODES[part] ?? part).join("+"));
    control.setAttribute("aria-keyshortcuts", spelled.join(" "));
    if (!control.matches(".menu .item, [data-shows-keys]") || control.querySelector("kbd")) continue;
    const shown = document.createElement("span");
    shown.className = "keys";
    shown.append(kbds(keys.split(" / ")[0]));
    control.append(shown);
  }
}

tell(document);
document.addEventListener("htmx:load", (event) => tell(event.detail.elt.parentElement ?? document));
