// How well words fit a text: every word must be in it, in any order; letters in a row count most.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function scattered(word, text) {
  let at = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return -1;
    gaps += at < 0 ? 0 : next - at - 1;
    at = next;
  }
  return gaps > word.length * 3 ? -1 : Math.max(1, 20 - gaps);
}

// 0 or more where `typed` fits `text`, the better the higher; -1 where it does not.
export function fitOf(typed, text) {
  const whole = fold(text);
  let fit = 0;
  for (const word of fold(typed).split(/\s+/).filter(Boolean)) {
    const at = whole.indexOf(word);
    const begins = at === 0 || ` ${whole}`.includes(` ${word}`);
    const found = at < 0 ? scattered(word, whole) : begins ? 100 : 60;
    if (found < 0) return -1;
    fit += found;
  }
  return fit;
}
