// Shots on the system clipboard, as the vendor's JSON: the keys, the browser's Edit menu and the
// board's own, without a permission prompt. In a text field they mean the text.

import { toast } from "../toasts.js";
import { meanShots, shotsMeant } from "./moving.js";
import { isBusy } from "./saving.js";

const MOST = 10 * 1024 * 1024;
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

const isForText = (event) =>
  document.activeElement?.matches(TYPED_INTO) ||
  document.querySelector("dialog:modal") ||
  (event.type !== "paste" && !getSelection().isCollapsed);

const address = (shots) => {
  const at = new URL(document.getElementById("copy-shots").href);
  at.searchParams.set("shots", shots.join(","));
  return at;
};

// What was just typed is being saved: the copy is taken of the board with it.
async function settled() {
  for (let waits = 0; isBusy(); waits += 1) {
    if (waits > 100) throw new Error("still saving");
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function textOf(shots) {
  await settled();
  const answer = await fetch(address(shots));
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return answer.text();
}

// The promise goes to the clipboard, not its text: Safari asks for it within the key press.
async function write(shots) {
  const text = textOf(shots);
  if (!window.ClipboardItem) return navigator.clipboard.writeText(await text);
  const blob = text.then((json) => new Blob([json], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

function openInstead(shots) {
  const link = document.createElement("a");
  link.className = "button small";
  link.href = address(shots);
  link.target = "_blank";
  link.textContent = "Open the text";
  toast("The clipboard cannot be reached. Copy the text of the shots by hand.", "failed", link);
}

async function copy(shots, cuts) {
  if (!shots.length) {
    toast("No shot is selected. Select one, then copy it.", "noted");
    return;
  }
  try {
    await write(shots);
  } catch {
    openInstead(shots);
    return;
  }
  const count = shots.length > 1 ? `${shots.length} shots` : "The shot";
  if (!cuts) {
    toast(`${count} copied. Paste on any board.`, "done");
    return;
  }
  meanShots(shots);
  htmx.trigger(document.getElementById("delete-shots"), "click");
}

function paste(text) {
  if (new Blob([text]).size > MOST) {
    toast("The clipboard holds more than 10 MB. Paste fewer shots at a time.", "failed");
    return;
  }
  const form = document.getElementById("paste-form");
  form.elements.pasted.value = text;
  htmx.trigger(form, "submit");
}

export function shareClipboard() {
  if (!document.getElementById("paste-form")) return;

  for (const type of ["copy", "cut"]) {
    document.addEventListener(type, (event) => {
      if (isForText(event)) return;
      event.preventDefault();
      meanShots(null);
      copy(shotsMeant(), type === "cut");
    });
  }

  document.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (isForText(event) || !text.trim()) return;
    event.preventDefault();
    paste(text);
  });

  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-clipboard]");
    if (!item || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    copy(shotsMeant(), item.dataset.clipboard === "cut");
  });
}
