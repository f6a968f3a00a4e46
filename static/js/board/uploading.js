// A file that somebody adds to the board, on its way: in a form of its own that goes through the queue
// of edits and outlives the swaps until the file is saved, beside a note of how far it is.

import { toast } from "../toasts.js";

let made = 0;

function inputOf(name, type) {
  const input = document.createElement("input");
  Object.assign(input, { name, type, hidden: true });
  return input;
}

// `says` is the part of the inspector that shows it.
function formFor({ path, name, says, file }) {
  const form = document.createElement("form");
  form.id = `upload-${(made += 1)}`;
  form.dataset.edit = form.dataset.upload = "";
  form.hidden = true;
  form.setAttribute("hx-post", `${location.pathname}${path}`);
  form.setAttribute("hx-encoding", "multipart/form-data");
  form.setAttribute("hx-swap", "none");
  const [input, shown] = [inputOf(name, "file"), inputOf(says, "hidden")];
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
  shown.value = "1";
  form.append(input, shown);
  return form;
}

function showProgress(form, name) {
  const note = document.createElement("div");
  const [words, bar] = [document.createElement("span"), document.createElement("progress")];
  const say = (text) => { words.textContent = text; };
  note.className = "toast uploading";
  bar.setAttribute("aria-label", "Upload");
  say(`${name} waits for its turn…`);
  note.append(words, bar);
  document.getElementById("toasts-said").append(note);
  form.addEventListener("htmx:beforeRequest", () => {
    bar.value = 0;
    say(`Uploading ${name}…`);
  });
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (!detail.lengthComputable || bar.value === 1) return;
    bar.value = detail.loaded / detail.total;
    if (bar.value === 1) say(`Looking at ${name}…`);
  });
  form.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const isLost = !xhr.status || xhr.status >= 500 || xhr.status === 401;
    if (isLost) return say(`${name} is not saved yet.`);
    const says = xhr.getResponseHeader("X-Says");
    if (xhr.status === 422 && says) toast(decodeURIComponent(says), "failed");
    if (xhr.getResponseHeader("X-Clash") === "no") return; // made again on the newer board
    note.remove();
    setTimeout(() => form.remove());
  });
}

// `path` is the address below the board's, `name` what the file is called there. A file beyond `most`
// bytes is refused here, with what to do about it.
export function upload({ path, name, says, file, most, smaller }) {
  if (file.size > most) {
    const has = `${file.name} has ${(file.size / 1e6).toFixed(1)} MB and ${most / 1e6} MB are the most.`;
    return toast(`${has} ${smaller}`, "failed");
  }
  const form = formFor({ path, name, says, file });
  showProgress(form, file.name);
  document.getElementById("board").append(form);
  htmx.process(form);
  htmx.trigger(form, "submit");
}

export function warnOfUploads() {
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-upload]")) event.preventDefault();
  });
}
