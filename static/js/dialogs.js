// One dialog for the whole page. A link or button with `data-dialog` fetches its content; a form in
// it that was saved closes it; the focus returns to where it came from.

import { whereabouts } from "./keeping.js";
import { openerOf } from "./menus.js";

const dialog = document.getElementById("dialog");
// Finds what opened it, or what stands there since: a live part swaps itself meanwhile.
let findOpener = () => null;
let opened_at = 0;

// The second click of a double click was meant for what opened the dialog, not for what lies there.
const IS_DOUBLE_MS = 600;
const isAccident = (event) => event.detail > 1 && performance.now() - opened_at < IS_DOUBLE_MS;

export function closeDialog() {
  if (dialog.open) dialog.close();
}

// For whoever goes on elsewhere, and takes the focus along.
export function leaveDialog() {
  findOpener = () => null;
  closeDialog();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (!elt.matches("[data-dialog]")) return;
  // Run by its keys, an item is not seen: the focus goes back to where it was.
  const menu = elt.closest("[popover]");
  const isUnseen = menu && !menu.matches(":popover-open");
  const opener = isUnseen ? document.activeElement : menu ? openerOf(menu) : elt;
  const stands = opener && whereabouts(opener);
  findOpener = () => (opener?.isConnected ? opener : stands?.());
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.open) {
    dialog.showModal();
    opened_at = performance.now();
  }
  // htmx has given the focus back to the control of the same id; it would go on to what has it first.
  if (dialog.contains(document.activeElement) && document.activeElement.closest("[data-keeps-focus]")) {
    for (const first of dialog.querySelectorAll("[autofocus]")) first.removeAttribute("autofocus");
    return;
  }
  const first = dialog.querySelector("[aria-invalid=true], [autofocus], .dialog-body :is(input, select, textarea, button):not([type=hidden])");
  first?.focus();
  // What is filled in already is there to be typed over.
  if (first?.matches("input[autofocus]")) first.select();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig } = event.detail;
  const saved = xhr.status >= 200 && xhr.status < 300 && requestConfig.verb === "post";
  if (saved && dialog.contains(requestConfig.elt) && xhr.getResponseHeader("HX-Retarget") !== "#dialog") closeDialog();
  // What was pressed is gone with the part that its answer replaced: the focus stays in the dialog.
  const isLost = dialog.open && document.activeElement === document.body;
  if (requestConfig.verb === "post" && isLost) dialog.querySelector("[data-close]")?.focus();
});

dialog.addEventListener("click", (event) => {
  if (!isAccident(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

dialog.addEventListener("click", (event) => {
  const outside = event.target === dialog && event.offsetX + event.offsetY !== 0;
  if (outside || event.target.closest("[data-close]")) closeDialog();
});

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  findOpener()?.focus();
  findOpener = () => null;
});
