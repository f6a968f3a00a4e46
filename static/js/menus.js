// Menus are popovers below the button that opens them; arrows walk through their items.

const openers = new WeakMap();

// For a menu that many buttons open: it stands below the one that was pressed.
export function openMenu(menu, opener) {
  openers.set(menu, opener);
  menu.showPopover();
}

export const openerOf = (menu) =>
  openers.get(menu) ?? document.querySelector(`[popovertarget="${menu.id}"]`);

function place(menu) {
  const opener = openerOf(menu);
  if (!opener) return;
  const at = opener.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 8);
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${below ? at.bottom : Math.max(8, at.top - menu.offsetHeight - 8)}px`;
}

const itemsOf = (menu) => [...menu.querySelectorAll(".item:not(:disabled)")].filter((item) => item.offsetParent);

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  if (event.newState !== "open") {
    openers.delete(menu);
    return;
  }
  place(menu);
  itemsOf(menu)[0]?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!menu || !steps[event.key]) return;
  event.preventDefault();
  const items = itemsOf(menu);
  const at = items.indexOf(event.target.closest(".item"));
  items.at((at + steps[event.key]) % items.length)?.focus();
});

document.addEventListener("click", (event) => {
  event.target.closest(".menu[popover] .item")?.closest(".menu").hidePopover();
});
