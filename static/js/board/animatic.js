// The animatic's dock above the strip: its button opens and closes it, and the browser keeps which.
// What plays in it is loaded only then.

const A_YEAR_S = 365 * 24 * 3600;

const byId = (id) => document.getElementById(id);

let said = "";
let hadFocus = false;

function remember(isOpen) {
  document.cookie = `animatic=open; path=/; max-age=${isOpen ? A_YEAR_S : 0}; samesite=lax`;
}

async function attach() {
  const { attachPlayers } = await import("./player.js");
  attachPlayers();
}

// What is swapped in is not read out; each state is, once, and each quarter of the way.
function say() {
  const says = [...byId("animatic").querySelectorAll("[data-says]")].map((part) => part.dataset.says).join(" ");
  if (said && says && says !== said) byId("board-says").textContent = says;
  said = says || "nothing";
}

// The button that was pressed is gone. The heading takes its place until there is something to do.
function keepFocus(dock) {
  const now = document.activeElement;
  if (dock.contains(now) && now.id !== "animatic-heading") return;
  const next = dock.querySelector("[data-film], #animatic-draw, #animatic-retry") ?? byId("animatic-heading");
  next.focus({ preventScroll: true });
}

function show(isOpen) {
  const dock = byId("animatic");
  dock.hidden = !isOpen;
  byId("animatic-button").ariaExpanded = String(isOpen);
  remember(isOpen);
  said = "";
  if (isOpen) {
    hadFocus = true;
    htmx.trigger(dock, "open");
    return;
  }
  dock.querySelector("video")?.pause();
  dock.replaceChildren();
  attach();
  byId("animatic-button").focus();
}

export function openAnimatic() {
  const dock = byId("animatic");
  // A button that is disabled while it is asked has lost the focus by the time of the swap.
  for (const kind of ["htmx:configRequest", "htmx:beforeSwap"]) {
    dock.addEventListener(kind, () => { hadFocus ||= dock.contains(document.activeElement); });
  }
  dock.addEventListener("htmx:afterSettle", async () => {
    await attach();
    say();
    if (hadFocus) keepFocus(dock);
    hadFocus = false;
  });
  byId("animatic-button").addEventListener("click", (event) => {
    event.preventDefault();
    show(dock.hidden);
  });
  dock.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes-animatic]")) show(false);
  });
}
