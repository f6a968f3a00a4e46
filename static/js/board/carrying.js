// Moving one of several selected shots takes them all along, side by side in their order.

import { chosenShots } from "./selecting.js";

let carried = [];

export function together(pk) {
  const chosen = chosenShots();
  return chosen.includes(pk) ? chosen : [pk];
}

export function takeAlong(item) {
  carried = together(item.dataset.shot);
  if (carried.length < 2) return;
  for (const part of item.parentElement.children) {
    part.classList.toggle("carried", part !== item && carried.includes(part.dataset.shot));
  }
  document.querySelector(".sortable-fallback")?.setAttribute("data-carries", `${carried.length} shots`);
}

// Where one was dropped, all of them stand.
export function putDown(item, order) {
  for (const part of document.querySelectorAll(".carried")) part.classList.remove("carried");
  return order.flatMap((pk) => (pk === item.dataset.shot ? carried : carried.includes(pk) ? [] : [pk]));
}

export function moved(order, pk, step) {
  const group = together(pk);
  const others = order.filter((other) => !group.includes(other));
  const place = order.indexOf(group[0]) + step;
  if (place < 0 || place > others.length) return order;
  return [...others.slice(0, place), ...group, ...others.slice(place)];
}
