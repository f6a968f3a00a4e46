// The contract x-ray: a line of the plan lights up its JSON, a broken rule leads to its field.

import { leaveDialog } from "../dialogs.js";

const lit = () => document.querySelectorAll("#x-ray .lit");

function light(fate) {
  lit().forEach((element) => element.classList.remove("lit"));
  if (!fate) return;
  const paths = fate.dataset.paths.split(" ");
  const lines = [...document.querySelectorAll("#x-ray .x-line")].filter(({ dataset: { path } }) =>
    paths.some((wanted) => path === wanted || path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`)));
  [fate, ...lines].forEach((element) => element.classList.add("lit"));
  if (!lines.length) return;
  const box = lines[0].parentElement;
  const above = lines[0].offsetTop - box.offsetTop;
  if (above < box.scrollTop || above > box.scrollTop + box.clientHeight - 40) box.scrollTop = above - 40;
}

const field = (id) => {
  const found = document.getElementById(id);
  return found?.matches("form") ? found.querySelector("button") : found;
};

function focusOn(id) {
  const found = field(id);
  found?.scrollIntoView({ block: "center" });
  found?.focus();
  return Boolean(found);
}

// The field is in the inspector, which shows the shot only after an answer.
function mend(link) {
  const { mend: id, shot } = link.dataset;
  leaveDialog();
  if (focusOn(id)) return;
  const opener = shot ? document.getElementById(`select-${shot}`) : null;
  if (!opener) {
    location.assign(link.href);
    return;
  }
  const arrived = (event) => {
    if (event.target.id !== "inspector" && !event.target.querySelector?.("#inspector")) return;
    if (focusOn(id)) document.removeEventListener("htmx:afterSettle", arrived);
  };
  document.addEventListener("htmx:afterSettle", arrived);
  opener.dispatchEvent(new CustomEvent("select"));
}

async function copy(button) {
  const bytes = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(bytes.value);
    button.querySelector(".icon").className = "icon icon-check";
  } catch {
    // No clipboard without a secure page: the bytes are shown, marked, ready for Ctrl+C.
    bytes.closest("details").open = true;
    bytes.select();
  }
}

export function seeThrough() {
  document.addEventListener("mouseover", ({ target }) => {
    if (target.closest(".x-plan")) light(target.closest(".x-fate"));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#x-ray [data-mend]");
    const button = event.target.closest("#x-ray [data-copies]");
    if (button) copy(button);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    mend(link);
  });
}
