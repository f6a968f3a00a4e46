// From a take to its comparison: the moment that was watched goes along.

import { playhead } from "./playhead.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-compare-link]");
  if (!link || !playhead.ms) return;
  const address = new URL(link.href);
  address.searchParams.set("at", Math.round(playhead.ms));
  link.href = address.href;
});
