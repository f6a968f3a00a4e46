// Who adds a shot goes on typing at once: what is typed before its prompt is there goes into it. As
// keys of commands, the letters would do what nobody meant.

const ADDS = "#add-shot, #insert-before, #insert-after";

let isAwaited = false;
let typed = "";

const isText = ({ key, ctrlKey, metaKey, altKey }) => key.length === 1 && !ctrlKey && !metaKey && !altKey;

function arrive() {
  const field = document.activeElement;
  const text = typed;
  isAwaited = false;
  typed = "";
  if (!text || !field.matches("#grid textarea") || field.value) return;
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function typeAhead() {
  // Also while it waits for its turn.
  document.addEventListener("htmx:confirm", ({ detail }) => {
    if (detail.elt.matches(ADDS)) isAwaited = true;
  });

  document.addEventListener("keydown", (event) => {
    if (!isAwaited || !isText(event) || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    typed += event.key;
  }, true);

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.elt.matches?.(ADDS)) setTimeout(arrive);
  });
}
