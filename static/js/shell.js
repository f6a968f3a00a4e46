// What every page needs: failed requests are said aloud, and hidden tabs do not poll.

const toasts = document.getElementById("toasts");

const fade = (note) => setTimeout(() => note.remove(), 8000);

for (const note of toasts.children) fade(note);

export function toast(text) {
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = text;
  toasts.append(note);
  fade(note);
}

const isPulse = (event) => event.detail.elt.hasAttribute("data-pulse");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && isPulse(event)) event.preventDefault();
});

document.addEventListener("htmx:sendError", (event) => {
  if (!isPulse(event)) toast("The studio cannot be reached. What you typed is still here; try again.");
});

document.addEventListener("htmx:responseError", (event) => {
  if (isPulse(event)) return;
  const says = event.detail.xhr.getResponseHeader("X-Says");
  toast(says ? decodeURIComponent(says) : "That did not work. Reload the page and try again.");
});
