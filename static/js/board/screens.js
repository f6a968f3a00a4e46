// A screen shows loops, one after the other: the old one stays until the next has its first frame.

const KEY = "shotboard:dry-runs";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// How pictures are that come with the page.
export const comesStill = () => calm.matches;

// Whoever asked for less motion sees a still frame until they press Play; either choice is kept.
export const isStill = () => (localStorage.getItem(KEY) ?? (calm.matches ? "still" : "moving")) === "still";

export function press(button, still = isStill()) {
  const says = still ? "Play" : "Pause";
  button.querySelector(".icon").className = `icon icon-${says.toLowerCase()}`;
  button.querySelector(".visually-hidden, .word").textContent = `${says} ${button.dataset.what}`.trim();
}

export function toggle() {
  localStorage.setItem(KEY, isStill() ? "moving" : "still");
}

// A GIF has a width as soon as its first frame has come.
function began(image, { signal }) {
  return new Promise((resolve, reject) => {
    image.addEventListener("error", reject);
    signal.addEventListener("abort", reject);
    const look = () => (image.naturalWidth ? resolve() : image.complete || signal.aborted || setTimeout(look, 15));
    look();
  });
}

function ended(image) {
  return image.complete ? null : new Promise((resolve) => {
    image.addEventListener("load", resolve);
    image.addEventListener("error", resolve);
  });
}

function drop(old) {
  for (const image of [old, ...old.querySelectorAll("img")]) image.removeAttribute("src"); // what still comes is not wanted
  old.remove();
}

// What the server says about an address whose picture did not come: a sentence, or when to ask again.
async function reason(address, signal) {
  try {
    const answer = await fetch(address, { signal });
    if (answer.ok) return { again_ms: 0 };
    if (answer.status === 503) return { again_ms: 1000 * (Number(answer.headers.get("Retry-After")) || 1) };
    const isOurs = answer.headers.get("Content-Type")?.startsWith("text/plain");
    return { says: isOurs ? await answer.text() : "The dry run could not be drawn. Reload the page.", isUnknown: answer.status === 422 };
  } catch {
    return { says: "The dry run did not arrive. Check the connection, then change something or press Play." };
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const MOST_TRIES = 8;

// Resolves to what there is to say, or to nothing once the loop runs; rejects when `signal` ends it.
export async function show(screen, address, { signal, onBegin = () => {} }) {
  const model = screen.querySelector("img");
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const image = new Image(320, 180);
    image.alt = model?.alt ?? "";
    image.src = address;
    screen.append(image);
    try {
      await began(image, { signal });
      for (const old of [...screen.children]) if (old !== image) drop(old);
      onBegin();
      await ended(image);
      return {};
    } catch {
      drop(image);
      signal.throwIfAborted();
    }
    const why = await reason(address, signal);
    signal.throwIfAborted();
    if (why.says) return why;
    await pause(why.again_ms * (1 + tries / 2) * (0.75 + Math.random() / 2)); // ever later, and not all at once
    signal.throwIfAborted();
  }
  return { says: "Others look at moves just now. Try again in a moment." };
}
