// A render costs money, and it shows what is saved: nobody pays while something typed is not.

import { toast } from "../shell.js";
import { unsavedIn } from "./typing.js";

export function renderOnlyWhatIsSaved(board) {
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.elt.matches('#takes-panel form[action$="/render/"]')) return;
    const [field] = unsavedIn(board);
    const isSaving = document.querySelector("#save-state.saving");
    if (!field && !isSaving) return;
    event.preventDefault();
    if (isSaving) {
      toast("Nothing was sent: the board was still being saved. Press Render again.");
    } else {
      toast("Nothing was sent: what you typed is not saved. Mend the marked field, then render.");
      field.focus();
    }
  });
}
