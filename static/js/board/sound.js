// The sound under the animatic: chosen in the project's inspector.

import { upload } from "./uploading.js";

const MOST_BYTES = 30_000_000;

export function takeSounds(board) {
  board.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("[data-sound]") || !input.files.length) return;
    const [file] = input.files;
    input.value = "";
    upload({ path: "soundtrack/", name: "sound", says: "soundtrack", file, most: MOST_BYTES, smaller: "Save it as MP3, or cut it to 60 s, then add it." });
  });
}
