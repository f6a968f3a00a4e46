// Which shot the inspector shows: the one whose card, frame or segment was last used.

function mark(board, pk) {
  for (const part of board.querySelectorAll(".card, .segment")) {
    if (pk && part.dataset.shot === pk) part.setAttribute("aria-current", "true");
    else part.removeAttribute("aria-current");
  }
}

const selected = () => new URLSearchParams(location.search).get("shot");

const shotsInOrder = () =>
  [...document.querySelectorAll("#grid > [data-shot]")].map((part) => part.dataset.shot);

// The pks that a command works on, in the board's order: the selected shots, or the inspected one.
export function chosenShots() {
  const query = new URLSearchParams(location.search);
  const chosen = new Set(query.get("shots")?.split(",") ?? [query.get("shot")]);
  return shotsInOrder().filter((pk) => chosen.has(pk));
}

const wantsSelection = (elt) =>
  elt.matches?.("[data-with-selection]") || (elt.tagName === "FORM" && elt.querySelector("[data-selection]"));

export function followSelection(board) {
  let wanted = selected();

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (wantsSelection(elt)) parameters.set("shots", chosenShots().join(","));
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, verb, path } = event.detail;
    if (verb !== "get" || !elt.matches?.("[hx-replace-url]")) return;
    wanted = new URL(path, location.href).searchParams.get("shot");
    mark(board, wanted);
  });

  document.addEventListener("htmx:afterSettle", () => {
    wanted = selected();
    mark(board, wanted);
  });

  // On a narrow screen the inspector stands below the cards.
  board.addEventListener("htmx:afterRequest", (event) => {
    const { elt, triggeringEvent } = event.detail.requestConfig;
    if (triggeringEvent?.type !== "click" || !elt.matches(".frame")) return;
    if (matchMedia("(max-width: 1080px)").matches) document.getElementById("inspector").scrollIntoView();
  });

  // For the mouse alone: by keyboard, each card's own link does the same.
  board.addEventListener("click", (event) => {
    const segment = event.target.closest(".segment");
    const card = segment && document.getElementById(`card-${segment.dataset.shot}`);
    if (!card) return;
    htmx.trigger(card.querySelector("[data-select]"), "select");
    card.scrollIntoView({ block: "nearest" });
  });

  board.addEventListener("focusin", (event) => {
    const card = event.target.closest(".card");
    if (!card || card.dataset.shot === wanted || event.target.closest(".picture, .tools")) return;
    htmx.trigger(card.querySelector("[data-select]"), "select");
  });
}
