// The order on the page: cards, or rows, and segments stand in the same one, each under its number.

const PLACES = "#grid, #segments";

const shotsIn = (place) => [...place.children].filter((part) => part.dataset.shot && !part.matches(".sortable-fallback"));

export const orderOf = (place) => shotsIn(place).map((shot) => shot.dataset.shot);

export const orderNow = () => orderOf(document.getElementById("grid"));

// Names are given by the server as “… shot 3 …”; the text that people typed is never one of them.
function name(part, number) {
  const label = part.getAttribute("aria-label");
  if (label) part.setAttribute("aria-label", label.replace(/\b(shot) \d+/i, `$1 ${number}`));
}

// Each card's own buttons come from one template, or a hundred cards would bring four hundred.
function addTools() {
  const template = document.getElementById("card-tools");
  for (const card of template ? document.querySelectorAll("#grid > .card:not(:has(.tools))") : []) {
    const tools = template.content.cloneNode(true).firstElementChild;
    for (const part of tools.children) name(part, card.querySelector(".place").textContent);
    const last = tools.querySelector("[name=delete]");
    last.id = `delete-${card.dataset.shot}`;
    last.value = card.dataset.shot;
    card.append(tools);
    htmx.process(last);
    tools.querySelector("[name=left]").disabled = !card.previousElementSibling;
    tools.querySelector("[name=right]").disabled = !card.nextElementSibling;
  }
}

function number(place) {
  const shots = shotsIn(place);
  shots.forEach((shot, index) => {
    const [left, right] = shot.querySelectorAll(".tool[name=left], .tool[name=right]");
    if (left) left.disabled = index === 0;
    if (right) right.disabled = index === shots.length - 1;
    const shown = shot.querySelector(".place");
    if (shown?.textContent === String(index + 1)) return;
    if (shown) shown.textContent = index + 1;
    for (const part of [shot, ...shot.querySelectorAll("[aria-label]")]) name(part, index + 1);
  });
}

export function arrange(order) {
  const focused = document.activeElement;
  for (const place of document.querySelectorAll(PLACES)) {
    const shots = new Map(shotsIn(place).map((shot) => [shot.dataset.shot, shot]));
    order.forEach((pk, index) => {
      const shot = shots.get(pk);
      if (shot && place.children[index] !== shot) place.insertBefore(shot, place.children[index]);
    });
    number(place);
  }
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

export function keepOrder() {
  addTools();
  document.addEventListener("htmx:oobAfterSwap", addTools);

  // The server has the last word; where the page shows it already, nothing moves.
  document.addEventListener("htmx:afterSettle", () => {
    const now = document.getElementById("order-now");
    if (!now?.dataset.order) return;
    arrange(now.dataset.order.split(","));
    delete now.dataset.order;
  });

  // What was said about lengths is over with the next edit; its answer says it anew.
  document.addEventListener("boardChanged", () => {
    for (const note of document.querySelectorAll(".length-note")) note.remove();
  });
}
