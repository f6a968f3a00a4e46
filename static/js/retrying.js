// When to try again: soon, then ever later; at once when the network or the person is back.

const LONGEST_MS = 30_000;
let timer = 0;

// What a failed request means: how it is called, and after how long to try again; null: not by itself.
export function patience(xhr, failures, longest_ms = LONGEST_MS) {
  const delay_ms = Math.min(longest_ms, 1000 * 2 ** failures) * (0.75 + Math.random() / 2);
  if (xhr.status === 0) return { mood: navigator.onLine ? "retrying" : "offline", delay_ms };
  if (xhr.status === 401) return { mood: "signed-out", delay_ms: null };
  const asked_ms = 1000 * (Number(xhr.getResponseHeader("Retry-After")) || 0);
  if ([408, 429].includes(xhr.status) || xhr.status >= 500)
    return { mood: "retrying", delay_ms: Math.max(delay_ms, Math.min(asked_ms, 2 * LONGEST_MS)) };
  return { mood: "failed", delay_ms: null };
}

export function inTurn(work, delay_ms) {
  clearTimeout(timer);
  timer = setTimeout(work, delay_ms);
}

// Back online, or back in this tab, such as from signing in again in another one.
export function whenBack(work) {
  addEventListener("online", work);
  addEventListener("focus", work);
  document.addEventListener("visibilitychange", () => document.hidden || work());
}
