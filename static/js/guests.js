// A guest's page whose link is shut while it is open: whatever it asks next is answered with a
// sentence and `X-Shut`. Of what it showed nothing stays but what the guest wrote and did not send.

const main = document.getElementById("main");

// Taken out of the page alone, a film would play on, and could be sought in what was loaded.
function silence(media) {
  media.pause();
  for (const name of ["src", "poster"]) media.removeAttribute(name);
  media.load();
}

const unsent = () =>
  [...main.querySelectorAll("textarea")].filter((field) => field.value !== field.defaultValue).map((field) => field.value.trim()).filter(Boolean);

function shut(sentence) {
  const written = unsent().join("\n\n");
  main.querySelectorAll("video, audio").forEach(silence);
  main.className = "page door";
  main.innerHTML = sentence;
  const field = main.querySelector("#unsent");
  field.value = written;
  field.parentElement.hidden = !written;
  // What else speaks on this page has nothing to say any more.
  const dialog = document.getElementById("dialog");
  dialog.close();
  dialog.replaceChildren();
  document.getElementById("toasts").remove();
  document.getElementById("connection").replaceChildren();
  const heading = main.querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.getResponseHeader("X-Shut")) return;
  event.preventDefault();
  shut(xhr.responseText);
});
