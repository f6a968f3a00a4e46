// Tap timing: the animatic, or the board's frames in order, plays, and each tap ends a shot. What the
// taps come to is the server's to say; here they are only shown passing by.

const LEAST_MS = 500;

const player = document.getElementById("player");
let film = document.getElementById("tap-film");
const shots = [...player.querySelectorAll("[data-ms]")].map((part) => ({
  part, ms: Number(part.dataset.ms), isLocked: part.hasAttribute("data-locked"), number: part.dataset.number,
}));
const form = document.getElementById("taps-form");
const clock = document.getElementById("clock");
const elapsed = document.getElementById("elapsed");
const says = document.getElementById("tap-says");
const buttons = Object.fromEntries(["start", "tap", "back", "stop"].map((name) => [name, document.getElementById(`${name}-button`)]));

let startedAt = null;
let taps = [];
let shown = -1;

const seconds = (ms) => (Math.max(ms, 0) / 1000).toFixed(2);

// Which shot is seen at `now`, and since when; past the last one, there is none.
function positionAt(now) {
  let at = 0;
  let tap = 0;
  for (const [index, { ms, isLocked }] of shots.entries()) {
    const end = isLocked ? at + ms : tap < taps.length ? Math.max(taps[tap++], at + LEAST_MS) : Infinity;
    if (end > now) return { index, since: at };
    at = end;
  }
  return { index: shots.length, since: at };
}

function show(index) {
  if (index === shown) return;
  shown = index;
  for (const [place, { part }] of shots.entries()) part.hidden = place !== index;
  const shot = shots[index];
  if (!shot) return;
  says.textContent = `Shot ${shot.number}${shot.isLocked ? ", locked: it ends by itself" : ""}`;
  buttons.tap.disabled = shot.isLocked;
}

function showStills() {
  film?.remove();
  film = null;
}

// The film sets the pace as long as it runs; past its end the clock goes on for the last shots.
function follow() {
  if (film && !film.ended && film.readyState > 1) startedAt = performance.now() - film.currentTime * 1000;
}

function draw() {
  if (startedAt === null) return;
  follow();
  const now = performance.now() - startedAt;
  const { index, since } = positionAt(now);
  if (index === shots.length) {
    finish();
    return;
  }
  show(index);
  clock.textContent = seconds(now);
  elapsed.textContent = seconds(now - since);
  requestAnimationFrame(draw);
}

function setPlaying(isPlaying) {
  player.classList.toggle("playing", isPlaying);
  buttons.start.hidden = isPlaying;
  for (const name of ["tap", "back", "stop"]) buttons[name].hidden = !isPlaying;
}

function start() {
  startedAt = performance.now();
  taps = [];
  shown = -1;
  buttons.back.disabled = true;
  setPlaying(true);
  buttons.tap.focus();
  if (film) {
    film.currentTime = 0;
    film.play().catch(showStills);
  }
  draw();
}

function tap(when) {
  const now = Math.round(when - startedAt);
  const { index } = positionAt(now);
  if (shots[index]?.isLocked !== false || now < (taps.at(-1) ?? 0)) return;
  taps.push(now);
  buttons.back.disabled = false;
}

function takeBack() {
  taps.pop();
  buttons.back.disabled = !taps.length;
}

function finish() {
  startedAt = null;
  film?.pause();
  setPlaying(false);
  show(0);
  if (!taps.length) {
    says.textContent = "No cut was tapped. Start again.";
    buttons.start.focus();
    return;
  }
  form.elements.taps.value = taps.map((ms) => (ms / 1000).toFixed(3)).join(" ");
  form.requestSubmit();
}

buttons.start.addEventListener("click", start);
buttons.stop.addEventListener("click", finish);
buttons.back.addEventListener("click", takeBack);
// At the press, not at the release; a click without a press is a screen reader's.
buttons.tap.addEventListener("pointerdown", (event) => tap(event.timeStamp));
buttons.tap.addEventListener("click", (event) => { if (!event.detail) tap(event.timeStamp); });

document.addEventListener("keydown", (event) => {
  const actions = { " ": () => tap(event.timeStamp), Backspace: takeBack, Enter: finish };
  const isOnOther = event.target.closest("input, textarea, a, summary, #back-button, #stop-button");
  if (startedAt === null || !actions[event.key] || (isOnOther && event.key !== "Backspace")) return;
  event.preventDefault();
  if (!event.repeat) actions[event.key]();
});
// The button that has the focus would be pressed again when Space is let go.
document.addEventListener("keyup", (event) => {
  if (startedAt !== null && event.key === " " && event.target === buttons.tap) event.preventDefault();
});

setPlaying(false);
show(0);
