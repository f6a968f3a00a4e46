// Which shots are selected. The inspector follows: it shows one shot, or what several share.

let chosen = new Set();
let anchor = null; // where a range begins
let gathering = false; // clicks and Space add to the selection
let pressing = false; // a press with Ctrl, ⌘ or Shift moves the focus, not the selection
let address = null;
let asked = "";

const PART = "#grid > [data-shot]:not(.sortable-fallback)";
const CONTROL = "input, textarea, select, button, label, [data-card-menu]";

const byId = (id) => document.getElementById(id);
const partsInOrder = () => [...document.querySelectorAll(PART)];
const shotsInOrder = () => partsInOrder().map((part) => part.dataset.shot);
const keyOf = (pks) => [...pks].sort().join();

// The pks that a command works on, in the board's order: the selected shots, or the inspected one.
export const chosenShots = () => shotsInOrder().filter((pk) => chosen.has(pk));

function named(query) {
  const found = new URLSearchParams(query);
  return new Set((found.get("shots") ?? found.get("shot") ?? "").split(",").filter(Boolean));
}

function show() {
  const one = chosen.size === 1;
  for (const part of document.querySelectorAll(`${PART}, .segment`)) {
    const isChosen = chosen.has(part.dataset.shot);
    if (one && isChosen) part.setAttribute("aria-current", "true");
    else part.removeAttribute("aria-current");
    part.toggleAttribute("data-chosen", isChosen && !one);
    const pick = part.querySelector(".pick");
    if (pick) pick.checked = isChosen && (!one || gathering);
  }
  const all = partsInOrder().length;
  byId("selection-bar").hidden = chosen.size < 2 && !gathering;
  byId("selection-bar").querySelector("[data-count]").textContent = `${chosen.size} selected`;
  byId("gather").setAttribute("aria-pressed", gathering);
  const every = byId("pick-all");
  if (!every) return;
  every.checked = all > 0 && chosen.size === all;
  every.indeterminate = chosen.size > 1 && chosen.size < all;
}

function choose(pks) {
  const before = keyOf(chosen);
  chosen = new Set(pks);
  show();
  if (keyOf(chosen) === before) return;
  if (gathering || chosen.size > 1) {
    byId("board-says").textContent = `${chosen.size} ${chosen.size === 1 ? "shot" : "shots"} selected`;
  }
  htmx.trigger(byId("select-many"), "select");
}

function chooseOne(pk) {
  anchor = pk;
  choose([pk]);
}

function toggle(pk) {
  anchor = pk;
  choose(chosen.has(pk) ? [...chosen].filter((other) => other !== pk) : [...chosen, pk]);
}

function extendTo(pk) {
  const order = shotsInOrder();
  anchor = chosen.has(anchor) ? anchor : ([...chosen][0] ?? pk);
  const [from, to] = [order.indexOf(anchor), order.indexOf(pk)].sort((a, b) => a - b);
  choose(order.slice(from, to + 1));
}

function gather(on) {
  gathering = on;
  if (!on && chosen.size > 1) chooseOne(chosen.has(anchor) ? anchor : chosenShots()[0]);
  else show();
}

function clicked(event) {
  const part = event.target.closest(`${PART}, .segment`);
  if (!part) return;
  const pk = part.dataset.shot;
  const onPick = event.target.matches(".pick");
  if (!onPick && event.target.closest(CONTROL)) return;
  if (event.shiftKey) extendTo(pk);
  else if (onPick || gathering || event.ctrlKey || event.metaKey) {
    // Ticking is meant for several: the shot that is only inspected is not among them.
    if (onPick && chosen.size < 2) gathering = true;
    toggle(pk);
  } else {
    chooseOne(pk);
    // On a narrow screen the inspector stands below the cards.
    if (event.target.closest(".frame") && matchMedia("(max-width: 1080px)").matches) byId("inspector").scrollIntoView();
  }
  if (part.matches(".segment")) byId(`card-${pk}`)?.scrollIntoView({ block: "nearest" });
  if (onPick) return;
  event.preventDefault();
  event.stopPropagation();
}

function focusOn(part) {
  pressing = true;
  (part.tabIndex >= 0 ? part : part.querySelector(".pick")).focus();
  pressing = false;
}

function pressed(event) {
  const part = event.target.closest(PART);
  if (!part || event.altKey || (event.target !== part && !event.target.matches(".pick, .frame"))) return;
  const parts = partsInOrder();
  const columns = parts.filter((other) => other.offsetTop === parts[0].offsetTop).length;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (event.key === " " && event.target === part) {
    const begins = !gathering && chosen.size < 2 && chosen.has(part.dataset.shot);
    gathering = true;
    if (begins) show();
    else toggle(part.dataset.shot);
  } else if (steps[event.key] && event.shiftKey) {
    const next = parts[parts.indexOf(part) + steps[event.key]];
    if (!next) return;
    extendTo(next.dataset.shot);
    focusOn(next);
  } else return;
  event.preventDefault();
}

const wantsSelection = (elt) =>
  elt.matches?.("[data-with-selection]") || (elt.tagName === "FORM" && elt.querySelector("[data-selection]"));

function tellRequest(event, board) {
  const { elt, verb, path, parameters, headers } = event.detail;
  headers["Board-View"] = board.dataset.view;
  if (wantsSelection(elt)) parameters.set("shots", chosenShots().join(","));
  if (elt.id === "bar-delete" && document.querySelector(".leave-locked:checked")) parameters.set("leave_locked", "yes");
  if (verb !== "get" || !elt.matches?.("[hx-replace-url]")) return;
  if (elt.id === "select-many") {
    if (chosen.size) parameters.set(chosen.size > 1 ? "shots" : "shot", chosenShots().join(","));
  } else {
    chosen = named(new URL(path, location.href).search);
    [anchor] = chosen;
    show();
  }
  asked = keyOf(chosen);
}

// What the page was sent to, by Back or by an answer, counts more than what was selected before.
function settle() {
  if (location.search !== address) {
    address = location.search;
    const there = named(address);
    if (keyOf(there) !== asked) chosen = there;
  }
  const here = new Set(shotsInOrder());
  chosen = new Set([...chosen].filter((pk) => here.has(pk)));
  show();
}

export function followSelection(board) {
  settle();
  document.addEventListener("htmx:configRequest", (event) => tellRequest(event, board));
  document.addEventListener("htmx:afterSettle", settle);

  board.addEventListener("pointerdown", (event) => {
    pressing = event.shiftKey || event.ctrlKey || event.metaKey || event.target.matches(".pick");
  }, true);
  // Shift would select the text in between.
  board.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(`${PART}, .segment`) && !event.target.closest(CONTROL)) event.preventDefault();
  });
  board.addEventListener("click", clicked, true);
  board.addEventListener("keydown", pressed);
  board.addEventListener("keydown", () => { pressing = false; }, true);

  board.addEventListener("focusin", (event) => {
    const part = event.target.closest(PART);
    if (!part || pressing || gathering || chosen.size > 1) return;
    if (!event.target.closest(".picture, .tools, .pick")) chooseOne(part.dataset.shot);
  });

  board.addEventListener("click", (event) => {
    if (event.target.closest("#choose-all, [data-choose-all]")) choose(shotsInOrder());
    if (event.target.closest("#gather")) gather(!gathering);
    if (event.target.closest("#clear-selection")) gather(false);
    if (event.target.matches("#pick-all")) choose(event.target.checked ? shotsInOrder() : []);
    const view = event.target.closest("[data-view][href]");
    if (view && chosen.size) view.href += `&${chosen.size > 1 ? "shots" : "shot"}=${chosenShots()}`;
  });
}
