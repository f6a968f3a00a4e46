// What every page needs: failed requests are said aloud.

import { toast } from "./toasts.js";

// In another tab, so that what was typed into this one stays.
export function signInLink() {
  const link = document.createElement("a");
  link.className = "button small";
  link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.textContent = "Sign in";
  return link;
}

// Whoever signs out leaves nothing on this device. After every page's own last word.
document.querySelector("[data-signs-out]")?.addEventListener("submit", ({ target }) => {
  addEventListener("pagehide", () => {
    for (const storage of [localStorage, sessionStorage]) {
      const kept = Object.keys(storage).filter((key) => key.startsWith(`kept:${target.dataset.signsOut}:`));
      for (const key of kept) storage.removeItem(key);
    }
  });
});

document.addEventListener("themeChanged", ({ detail: { theme } }) => {
  document.documentElement.dataset.theme = theme;
  for (const choice of document.querySelectorAll("[data-themes] [name=theme]")) {
    choice.ariaPressed = String(choice.value === theme);
  }
});

// What is offered after one deed goes with the next. Once that is swapped in: htmx finds nothing on
// the page from a button that has left it.
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig } }) => {
  if (requestConfig.verb !== "post") return;
  const former = [...document.querySelectorAll("#toasts [data-until-next]")];
  setTimeout(() => former.forEach((note) => note.remove()));
});

// Those are tried again by themselves (pulses.js).
const isPulse = (event) => event.detail.elt.hasAttribute("data-pulse");

// What is tried again by itself was said once.
const isRepeated = (event) => "X-Again" in event.detail.requestConfig.headers;

document.addEventListener("htmx:sendError", (event) => {
  if (!isPulse(event) && !isRepeated(event)) toast("The studio cannot be reached. What you typed is still here; try again.", "failed");
});

document.addEventListener("htmx:responseError", (event) => {
  if (isPulse(event) || isRepeated(event)) return;
  const { xhr } = event.detail;
  const says = xhr.getResponseHeader("X-Says");
  const sentence = says ? decodeURIComponent(says) : "That did not work. Reload the page and try again.";
  toast(sentence, "failed", xhr.status === 401 ? signInLink() : "");
});
