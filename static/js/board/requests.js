// The board's requests that take turns: edits, selections, and asking for a render.

export const isEdit = (element) => element.matches?.("[data-edit]");
export const isSelection = (element) => element.matches?.("[hx-replace-url]");
export const isOrder = (element) => element.matches?.("[data-render]");
export const isOurs = (element) => isEdit(element) || isSelection(element) || isOrder(element);

// A swap brings another element under the same id; what has none is itself.
export const keyOf = (element) => element.id || element;
export const elementOf = (key) => (typeof key === "string" ? document.getElementById(key) : key.isConnected && key);

export function send(element) {
  if (isSelection(element)) htmx.trigger(element, "select");
  else if (element.matches("a, button")) htmx.trigger(element, "click");
  else htmx.trigger(element, element.matches("[hx-trigger*=save]") ? "save" : "submit");
}

// Signing in again in another tab makes new tokens: the cookie has the one that counts.
export const token = () =>
  document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="))?.slice("csrftoken=".length);
