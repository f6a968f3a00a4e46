// The take's page: copy buttons, and saying aloud what a decision did.

import { toast } from "../toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast("Copied.", "done");
  } catch {
    toast(`Copying is not allowed here. It is: ${button.dataset.copy}`, "failed");
  }
});

document.addEventListener("decisionChanged", (event) => {
  // Somebody else decided: nobody here is led away from what they do.
  if (!event.detail?.says) return;
  toast(event.detail.says, "done");
  // The panel was swapped: put the reader back where they were.
  requestAnimationFrame(() => document.getElementById("decision-heading")?.focus({ preventScroll: true }));
});
