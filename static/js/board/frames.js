// A shot's picture that the studio was too busy to draw is asked for again, ever later.

const FIRST_MS = 2000; // as its Retry-After says
const MOST_TRIES = 5;
const IS_FRAME = "img[src*='/frame.jpg?']";

const tries = new WeakMap();

function askAgain(image) {
  const tried = tries.get(image) ?? 0;
  if (tried === MOST_TRIES) return;
  tries.set(image, tried + 1);
  setTimeout(() => { if (image.isConnected) image.src = image.getAttribute("src"); }, FIRST_MS * 2 ** tried);
}

export function keepFrames(board) {
  board.addEventListener("error", ({ target }) => target.matches(IS_FRAME) && askAgain(target), true);
  // Those that failed before anybody listened.
  for (const image of board.querySelectorAll(IS_FRAME)) if (image.complete && !image.naturalWidth) askAgain(image);
}
