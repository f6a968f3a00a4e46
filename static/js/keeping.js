// What a swap that nobody asked for leaves alone: the focus, what was opened or closed, what was
// typed, and how far a list is scrolled. Asked for is what a person pressed; a part that refreshes
// itself is not. (On the board, fields that save themselves are carried by board/typing.js.)

const PRESSED = ":is(a, button, form, input, select, textarea):not([data-pulse])";
const FIELDS = ":is(input, textarea, select):not([type=hidden], [type=password], [type=file])";
const TICKS = "[type=checkbox], [type=radio]";

const kept = new WeakMap();
const turned = new WeakSet();

const quoted = (element, name) => (element.hasAttribute(name) ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : "");

// Finds the element that stands where this one stood: below the nearest id, by what it is.
export function whereabouts(element) {
  const near = element.closest("[id]");
  if (!near || near === element) return () => near && document.getElementById(near.id);
  const kind = element.localName + quoted(element, "name") + quoted(element, "href");
  const at = [...near.querySelectorAll(kind)].indexOf(element);
  return () => document.getElementById(near.id)?.querySelectorAll(kind)[at];
}

const all = (part, selector) => [part, ...part.querySelectorAll("*")].filter((element) => element.matches(selector));

function isTyped(field) {
  if (field.matches(TICKS)) return field.checked !== field.defaultChecked;
  if (field.localName === "select") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function keepTurned(details) {
  const { open } = details;
  return (again) => { again.open = open; turned.add(again); };
}

function keepTyped({ checked, value }) {
  return (again) => (again.matches(TICKS) ? (again.checked = checked) : (again.value = value));
}

function keepScrolled({ scrollTop: top, scrollLeft: left }) {
  return (again) => again.scrollTo({ top, left, behavior: "instant" });
}

function keepFocused({ selectionStart, selectionEnd }) {
  return (again) => {
    if (document.activeElement !== again) again.focus({ preventScroll: true });
    if (typeof selectionStart === "number") again.setSelectionRange?.(selectionStart, selectionEnd);
  };
}

// In this order: what is open has room to scroll, what is typed has a place for the caret.
function whatToKeep(part) {
  const keep = (elements, how) => elements.map((element) => [whereabouts(element), how(element)]);
  return [
    ...keep(all(part, "details").filter((details) => turned.has(details)), keepTurned),
    ...keep(all(part, FIELDS).filter(isTyped), keepTyped),
    ...keep(all(part, "*").filter(({ scrollTop, scrollLeft }) => scrollTop || scrollLeft), keepScrolled),
    ...keep(all(part, ":focus"), keepFocused),
  ];
}

document.addEventListener("click", ({ target }) => {
  const details = target.closest("summary")?.parentElement;
  if (details) turned.add(details);
});

document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig, target, xhr } }) => {
  if (requestConfig.verb !== "get" || requestConfig.elt.matches(PRESSED)) return;
  kept.set(xhr, whatToKeep(target));
});

document.addEventListener("htmx:afterSwap", ({ detail: { xhr } }) => {
  for (const [find, restore] of kept.get(xhr) ?? []) {
    const again = find();
    if (again) restore(again);
  }
  kept.delete(xhr);
});
