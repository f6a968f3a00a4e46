// The board: each widget is a module of its own and works on after every swap.

import { keepTyped } from "./typing.js";
import { openAnimatic } from "./animatic.js";
import { keepOnDevice } from "./keeping.js";
import { seeOthers } from "./together.js";
import { saveInTurn } from "./saving.js";
import { arrangeShots } from "./arranging.js";
import { moveShots } from "./moving.js";
import { typeAhead } from "./ahead.js";
import { shareClipboard } from "./clipboard.js";
import { followSelection } from "./selecting.js";
import { showFlags } from "./flags.js";
import { keepFrames } from "./frames.js";
import { editTable } from "./table.js";
import { takePictures } from "./pictures.js";
import { takeSounds } from "./sound.js";
import { placeSubjects } from "./subject.js";
import { drawLengths } from "./lengths.js";
import { dragEdges } from "./edges.js";
import { helpFields } from "./fields.js";
import { keepOrder } from "./ordering.js";
import { runDry } from "./dry-run.js";
import { seeThrough } from "./xray.js";

// Copying style attributes onto new elements, as htmx does for transitions, is inline style.
htmx.config.attributesToSettle = ["class"];
// What a swap brings works at once: the next edit in the queue may belong to it.
htmx.config.defaultSettleDelay = 0;
// Back from “Show card” is a step within the page: htmx would fetch a part and show it as the whole.
htmx.config.refreshOnHistoryMiss = true;

const board = document.getElementById("board");

drawLengths(board);
followSelection(board);
showFlags(board);
keepFrames(board);
editTable(board);
helpFields(board);
keepOrder();
seeThrough();
runDry(board);
openAnimatic();
if (board.dataset.edits === "yes") {
  keepTyped(board);
  saveInTurn(board);
  keepOnDevice(board);
  arrangeShots(board);
  dragEdges(board);
  takePictures(board);
  takeSounds(board);
  placeSubjects(board);
  moveShots();
  typeAhead();
  shareClipboard();
}
seeOthers(board);
