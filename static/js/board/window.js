// This window's own name: it outlives a reload, and no other open window has it.

const KEY = "shotboard-window";
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Held until the window is closed. Without locks (plain http) every name counts as free.
function claim(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((tell) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      tell(Boolean(lock));
      return lock && new Promise(() => {});
    });
  });
}

export async function isOpenElsewhere(name) {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}

async function nameWindow() {
  let name = sessionStorage.getItem(KEY) ?? fresh();
  // A duplicated tab comes with the name of its original.
  if (!(await claim(name))) {
    name = fresh();
    await claim(name);
  }
  sessionStorage.setItem(KEY, name);
  return name;
}

export const windowName = nameWindow();
