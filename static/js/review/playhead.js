// The one playhead of the page. Other rooms ask it where the film is, and send it somewhere; the
// player attaches itself. Before there is a player, the playhead stands at 0.

let player = null;
const listeners = new Set();

// `player`: { ms, lastsMs, frameMs, isPlaying, range, play(), pause(), seek(ms), loop(fromMs, toMs) }.
export function attach(made) {
  player = made;
  tell();
}

// The player calls it whenever it moved, began or stopped.
export function tell() {
  for (const listener of listeners) listener(playhead);
}

export const playhead = {
  get ms() {
    return player?.ms ?? 0;
  },
  get lastsMs() {
    return player?.lastsMs ?? 0;
  },
  get frameMs() {
    return player?.frameMs ?? 100;
  },
  get isPlaying() {
    return player?.isPlaying ?? false;
  },
  // { fromMs, toMs } while a part of the film is played again and again, else null.
  get range() {
    return player?.range ?? null;
  },
  play: () => player?.play(),
  pause: () => player?.pause(),
  seek: (ms) => player?.seek(ms),
  loop: (fromMs, toMs) => player?.loop(fromMs, toMs),
  // Called now and after each change; returns how to stop listening.
  watch(listener) {
    listeners.add(listener);
    listener(playhead);
    return () => listeners.delete(listener);
  },
};
