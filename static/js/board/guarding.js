// What must not be done while something typed is unsaved, and why, in a sentence.

import { toast } from "../toasts.js";
import { unsavedIn } from "./typing.js";

export function mayRender(board, isTroubled) {
  const [unsaved] = unsavedIn(board);
  if (!unsaved && !isTroubled) return true;
  toast("Nothing was sent: something on this board is not saved. Mend or save it, then render.", "failed");
  unsaved?.focus();
  return false;
}

// The inspector would show another shot.
export function mayLeave(inspector) {
  if (!unsavedIn(inspector).length) return true;
  toast("What you typed in the inspector is not saved yet. Save it first.", "noted");
  return false;
}
