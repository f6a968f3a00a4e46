// The animatic on a page of its own.

import { attachPlayers } from "./player.js";

attachPlayers();
document.addEventListener("htmx:afterSettle", attachPlayers);
