// The `?` sheet: all keys of this page, grouped as the page itself is.

import { allCommands, hints, kbds } from "./commands.js";

const template = document.getElementById("shortcuts-sheet");

function line({ words, keys }) {
  const term = document.createElement("dt");
  term.textContent = words;
  const shown = document.createElement("dd");
  shown.className = "keys";
  shown.append(kbds(keys));
  const both = document.createElement("div");
  both.append(term, shown);
  return both;
}

function section(name, entries) {
  const part = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = name;
  const lines = document.createElement("dl");
  lines.append(...entries.map(line));
  part.append(heading, lines);
  return part;
}

function show(dialog) {
  const entries = [...allCommands().filter(({ keys }) => keys), ...hints()];
  const sheet = template.content.cloneNode(true);
  const groups = Object.entries(Object.groupBy(entries, ({ group }) => group));
  sheet.querySelector(".shortcuts").append(...groups.map(([name, all]) => section(name, all)));
  dialog.replaceChildren(sheet);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const dialog = document.getElementById("dialog");
  if (template && event.target.closest("[data-shortcuts]") && !dialog.open) show(dialog);
});
