// The menu of moves, for the selection and for the card whose `…` opened it; and where the focus
// goes on after a move.

import { kbds } from "../commands.js";
import { openMenu } from "../menus.js";
import { toast } from "../toasts.js";
import { chosenShots } from "./selecting.js";

const menu = document.getElementById("moves-menu");

// The shots that the menu was opened for, or else those that are selected.
export const shotsMeant = () => menu?.dataset.shots?.split(",") ?? chosenShots();

export function meanShots(pks) {
  const says = document.getElementById("moves-says");
  says.hidden = !pks;
  if (!pks) {
    delete menu.dataset.shots;
    return;
  }
  menu.dataset.shots = pks.join(",");
  const place = document.getElementById(`card-${pks[0]}`)?.querySelector(".place")?.textContent;
  says.textContent = pks.length > 1 ? `${pks.length} selected shots` : `Shot ${place}`;
}

function openFor(button) {
  const { shot } = button.closest("[data-shot]").dataset;
  const chosen = chosenShots();
  openMenu(menu, button);
  meanShots(chosen.includes(shot) ? chosen : [shot]);
}

function goOnAt(pk) {
  const card = document.getElementById(`card-${pk}`);
  if (!card) return;
  card.scrollIntoView({ block: "nearest" });
  // An empty shot is there to be written.
  const prompt = card.querySelector("textarea");
  (prompt && !prompt.value ? prompt : card).focus();
}

// The browser itself tells of cut, copy and paste: their keys are only shown.
function showKeys() {
  for (const item of menu.querySelectorAll("[data-hint-keys]")) {
    const keys = document.createElement("span");
    keys.className = "keys";
    keys.append(kbds(item.dataset.hintKeys));
    item.append(keys);
  }
}

export function moveShots() {
  if (!menu) return;
  showKeys();

  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") meanShots(null);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-card-menu]");
    if (button) openFor(button);
  });

  // Run by its keys while the menu is closed, an item means the selection. An edit whose turn has
  // come is triggered by no mouse event and still means what it meant.
  document.addEventListener("click", (event) => {
    const isClosed = !menu.matches(":popover-open");
    if (event instanceof MouseEvent && isClosed && menu.contains(event.target)) meanShots(null);
  }, true);

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (menu.contains(elt)) parameters.set("shots", shotsMeant().join(","));
  });

  document.addEventListener("shotsPlaced", (event) => {
    const { shot, remarks } = event.detail;
    for (const remark of remarks) toast(remark, "noted");
    const dialog = document.getElementById("dialog");
    const goOn = () => goOnAt(shot);
    // The dialog gives the focus back to what opened it: after that.
    if (dialog.open) dialog.addEventListener("close", goOn, { once: true });
    else goOn();
  });
}
