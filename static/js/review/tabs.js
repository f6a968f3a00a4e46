// Parts of a page as tabs: `data-tabs` around sections with `data-tab`, their names. Without this
// module each part simply stands below the one before it.

function dress(box) {
  const parts = [...box.querySelectorAll(":scope > [data-tab]")];
  if (box.querySelector(":scope > [role=tablist]") || !parts.length) return;
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", box.dataset.tabs || "Parts");
  for (const part of parts) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${part.id}`;
    tab.textContent = part.dataset.tab;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", part.id);
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
  }
  box.prepend(list);
  show(box, sessionStorage.getItem(keyOf(box)) || parts[0].id);
}

function keyOf(box) {
  return `tab of ${box.querySelector(":scope > [data-tab]").id}`;
}

// Bring a part to the front; an unknown id brings the first one.
function show(box, id) {
  const tabs = [...box.querySelectorAll(":scope > [role=tablist] > [role=tab]")];
  const chosen = tabs.find((tab) => tab.getAttribute("aria-controls") === id) ?? tabs[0];
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
  sessionStorage.setItem(keyOf(box), chosen.getAttribute("aria-controls"));
  return chosen;
}

// For other modules: make the part that holds `element` visible.
export function reveal(element) {
  const part = element.closest("[data-tab]");
  if (part?.hidden) show(part.closest("[data-tabs]"), part.id);
}

function dressAll(root = document) {
  for (const box of root.querySelectorAll("[data-tabs]")) dress(box);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  const box = tab?.closest("[data-tabs]");
  if (box) show(box, tab.getAttribute("aria-controls"));
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const box = tab?.closest("[data-tabs]");
  if (!box) return;
  const tabs = [...tab.parentElement.children];
  const at = tabs.indexOf(tab);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = tabs[(to + tabs.length) % tabs.length];
  show(box, next.getAttribute("aria-controls")).focus();
});

document.addEventListener("htmx:afterSwap", () => dressAll());
dressAll();
