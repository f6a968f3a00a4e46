// Reference pictures: chosen, dropped or pasted. Each goes through the queue of edits in a form of its
// own, which outlives the swaps until its picture is saved.

import { toast } from "../shell.js";
import { chosenShots } from "./selecting.js";

const MOST_BYTES = 20_000_000;
let made = 0;

const isPicture = (file) => file.type.startsWith("image/");

function inputOf(name, type) {
  const input = document.createElement("input");
  Object.assign(input, { name, type, hidden: true });
  return input;
}

// A form as the inspector's own, with the picture in it.
function formFor(shot, file) {
  const form = document.createElement("form");
  form.id = `picture-${(made += 1)}`;
  form.dataset.edit = form.dataset.picture = "";
  form.hidden = true;
  form.setAttribute("hx-post", `${location.pathname}shots/${shot}/reference/`);
  form.setAttribute("hx-encoding", "multipart/form-data");
  form.setAttribute("hx-swap", "none");
  const [picture, says] = [inputOf("picture", "file"), inputOf("reference", "hidden")];
  const files = new DataTransfer();
  files.items.add(file);
  picture.files = files.files;
  says.value = "1";
  form.append(picture, says);
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
  document.getElementById("toasts").append(note);
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
    if (xhr.status === 422 && says) toast(decodeURIComponent(says));
    if (xhr.getResponseHeader("X-Clash") === "no") return; // made again on the newer board
    note.remove();
    setTimeout(() => form.remove());
  });
}

export function addPicture(shot, file) {
  if (file.size > MOST_BYTES) {
    toast(`${file.name} has ${(file.size / 1e6).toFixed(1)} MB and a picture may have 20 MB. Save it smaller, as JPEG for example, then add it.`);
    return;
  }
  const form = formFor(shot, file);
  showProgress(form, file.name);
  document.getElementById("board").append(form);
  htmx.process(form);
  htmx.trigger(form, "submit");
}

function toChosen(blob) {
  const [shot, another] = chosenShots();
  if (!shot || another) return toast("Select the one shot that this picture is for, then paste it again.");
  addPicture(shot, new File([blob], "The pasted picture", { type: blob.type }));
}

async function pasteByButton() {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith("image/"));
      if (type) return toChosen(await item.getType(type));
    }
    toast("There is no picture on the clipboard. Copy one, then paste it.");
  } catch {
    toast("This browser gives pictures to its own keys alone: press Ctrl+V, or ⌘V, to paste.");
  }
}

const carriesFiles = (event) =>
  event.dataTransfer?.types.includes("Files") && !event.target.closest?.("dialog, [type=file]");
const targetOf = (event) => event.target.closest?.("#grid > [data-shot], .segment, [data-drop]");

// On the whole page, or the browser would leave the board to show a file that missed its shot.
function dropOnShots() {
  let over = null;
  const mark = (target) => {
    over?.classList.remove("drop");
    over = target ?? null;
    over?.classList.add("drop");
  };
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(targetOf(event));
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const target = targetOf(event);
    mark();
    const [file] = event.dataTransfer.files;
    if (!file) return;
    if (target) addPicture(target.dataset.shot ?? target.dataset.drop, file);
    else toast("Drop the picture on a card, or on the inspector's picture.");
  });
}

export function takePictures(board) {
  dropOnShots();

  board.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("[data-pictures]") || !input.files.length) return;
    const [file] = input.files;
    input.value = "";
    addPicture(input.closest("[data-drop]").dataset.drop, file);
  });

  board.addEventListener("click", (event) => {
    if (event.target.closest("[data-paste-picture]")) pasteByButton();
  });

  // Text on the clipboard is for others: shots, or the field that has the focus.
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const picture = [...files].find(isPicture);
    if (!picture || types.includes("text/plain") || document.querySelector("dialog:modal")) return;
    if (event.target.closest?.("input, textarea, [contenteditable=true]")) return;
    event.preventDefault();
    toChosen(picture);
  });

  document.addEventListener("htmx:afterSwap", async (event) => {
    const form = event.detail.target.querySelector?.(":scope #sketch");
    if (form && event.detail.target.id === "dialog") (await import("./sketching.js")).sketchIn(form);
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-picture]")) event.preventDefault();
  });
}
