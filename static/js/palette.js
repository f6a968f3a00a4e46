// Ctrl/⌘K: everything that can be done or opened from here, found by a few letters.

import { commandsNow, kbds, run } from "./commands.js";
import { fitOf } from "./matching.js";
import "./shortcuts.js"; // together: a key that is listened to is also answered

const PATIENCE_MS = 120;
const MOST_OF_A_KIND = 8;
const palette = document.getElementById("palette");
const box = document.getElementById("palette-box");
const list = document.getElementById("palette-list");
const says = document.getElementById("palette-says");
let commands = [];
let projects = [];
let asked = "";
let timer = 0;
let shown = [];
let active = -1;
let pressed = false;
let isLate = false;

// The board's shots by their prompts.
function shotsHere() {
  return [...document.querySelectorAll(".card[data-shot]")].map((card, place) => ({
    words: card.querySelector("[name=prompt]")?.value.trim() || "No prompt yet",
    number: `${place + 1}`,
    says: card.querySelector(".scene")?.textContent ?? "",
    poster: card.querySelector("img")?.currentSrc,
    run: () => {
      card.scrollIntoView({ block: "center" });
      card.focus({ preventScroll: true });
    },
  }));
}

// Its own icon, so that one knows it again in the toolbar.
const iconOf = ({ element }) =>
  [...(element.querySelector(".icon")?.classList ?? [])].find((name) => name.startsWith("icon-")) ?? "icon-command";
const runOf = ({ element }) => () => run(element);

function fitting(typed, entries) {
  const fits = entries.map((entry) => ({ ...entry, fit: fitOf(typed, `${entry.words} ${entry.says ?? ""} ${entry.number ?? ""}`) }));
  return fits.filter(({ fit }) => fit >= 0).sort((one, other) => other.fit - one.fit);
}

function groups() {
  const typed = box.value.trim();
  const doable = commands.map((command) => ({ ...command, says: command.group, run: runOf(command), icon: iconOf(command) }));
  const shots = typed ? fitting(typed, shotsHere()).slice(0, MOST_OF_A_KIND) : [];
  const found = fitting(typed, doable);
  return [
    [typed ? "Projects" : "Recent projects", projects],
    ["Shots on this board", shots],
    ["Commands", typed ? found.slice(0, MOST_OF_A_KIND * 2) : found],
  ].sort(([, one], [, other]) => typed ? (other[0]?.fit ?? 0) - (one[0]?.fit ?? 0) : 0);
}

function element(tag, className, ...parts) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...parts);
  return made;
}

function row(entry, place) {
  const option = element("div", "option");
  option.id = `palette-option-${place}`;
  option.role = "option";
  option.ariaSelected = "false";
  if (entry.poster) {
    const picture = element("img", "thumb");
    Object.assign(picture, { src: entry.poster, alt: "", width: 48, height: 27 });
    option.append(picture);
  } else option.append(element("span", `icon ${entry.icon ?? "icon-clapperboard"}`));
  if (entry.number) option.append(element("span", "number muted", entry.number));
  option.append(element("span", "words", entry.words), element("span", "says", entry.says ?? ""));
  if (entry.keys) option.append(element("span", "keys", kbds(entry.keys.split(" / ")[0])));
  return option;
}

function choose(place) {
  active = shown.length ? (place + shown.length) % shown.length : -1;
  for (const option of list.querySelectorAll(".option")) option.ariaSelected = String(option.id === `palette-option-${active}`);
  const option = document.getElementById(`palette-option-${active}`);
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function draw() {
  shown = [];
  const parts = groups().filter(([, entries]) => entries.length).map(([name, entries]) => {
    const group = element("div", "group", element("p", "group-name", name));
    group.role = "group";
    group.ariaLabel = name;
    group.firstChild.ariaHidden = "true";
    for (const entry of entries) group.append(row(entry, shown.push(entry) - 1));
    return group;
  });
  list.replaceChildren(...parts);
  says.textContent = shown.length ? `${shown.length} found` : `Nothing found for “${box.value.trim()}”. Try fewer letters.`;
  says.classList.toggle("visually-hidden", shown.length > 0);
  choose(0);
}

async function ask() {
  const typed = (asked = box.value.trim());
  try {
    const answer = await fetch(`${palette.dataset.find}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== typed) return;
    const { found } = await answer.json();
    projects = found.map(({ url, ...project }) => ({ ...project, fit: fitOf(typed, project.words), run: () => location.assign(url) }));
    if (pressed) isLate = true;
    else draw();
  } catch {
    // Offline: the commands and shots of this page are found all the same.
  }
}

function open() {
  commands = commandsNow().filter(({ element }) => !element.matches("[data-palette]"));
  projects = [];
  box.value = "";
  palette.showModal();
  draw();
  ask();
}

function take(place) {
  const entry = shown[place];
  if (!entry) return;
  palette.close();
  entry.run();
}

box?.addEventListener("input", () => {
  draw();
  clearTimeout(timer);
  timer = setTimeout(ask, PATIENCE_MS);
});
box?.addEventListener("keydown", (event) => {
  const places = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: Math.min(active + 8, shown.length - 1), PageUp: Math.max(active - 8, 0) };
  if (event.key === "Enter" && !event.isComposing) take(active);
  else if (event.key in places) choose(places[event.key]);
  else return;
  event.preventDefault();
});
// What is drawn anew between press and release would never be clicked.
list?.addEventListener("pointerdown", () => (pressed = true));
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    pressed = false;
    if (isLate) setTimeout(() => palette.open && draw());
    isLate = false;
  });
}
list?.addEventListener("click", (event) => {
  const option = event.target.closest(".option");
  if (option) take(Number(option.id.split("-").at(-1)));
});
palette?.addEventListener("click", (event) => event.target === palette && palette.close());
document.addEventListener("click", (event) => {
  if (!palette || !event.target.closest("[data-palette]")) return;
  event.preventDefault();
  open();
});
