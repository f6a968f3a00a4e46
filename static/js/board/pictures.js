// Reference pictures: chosen, dropped or pasted.

import { toast } from "../toasts.js";
import { chosenShots } from "./selecting.js";
import { upload, warnOfUploads } from "./uploading.js";

const MOST_BYTES = 20_000_000;

const isPicture = (file) => file.type.startsWith("image/");

const addPicture = (shot, file) =>
  upload({ path: `shots/${shot}/reference/`, name: "picture", says: "reference", file, most: MOST_BYTES, smaller: "Save it smaller, as JPEG for example, then add it." });

function toChosen(blob) {
  const [shot, another] = chosenShots();
  if (!shot || another) return toast("Select the one shot that this picture is for, then paste it again.", "noted");
  addPicture(shot, new File([blob], "The pasted picture", { type: blob.type }));
}

async function pasteByButton() {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith("image/"));
      if (type) return toChosen(await item.getType(type));
    }
    toast("There is no picture on the clipboard. Copy one, then paste it.", "noted");
  } catch {
    toast("This browser gives pictures to its own keys alone: press Ctrl+V, or ⌘V, to paste.", "failed");
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
    else toast("Drop the picture on a card, or on the inspector's picture.", "noted");
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

  warnOfUploads();
}
