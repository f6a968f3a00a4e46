// "3 minutes ago" on a page where nothing else moves.

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

function inWords(seconds) {
  if (seconds < 60) return "just now";
  const [unit, length] = UNITS.find(([, size]) => seconds >= size);
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

function tell() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const said = inWords((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== said) time.textContent = said;
  }
}

export function keepAges() {
  tell();
  setInterval(tell, 20_000);
  document.addEventListener("htmx:afterSettle", tell);
}
