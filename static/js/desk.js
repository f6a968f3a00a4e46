// The render desk: dragging and keys for the line, what is chosen, and ages that go on.

import { keepAges } from "./desk/ages.js";
import { chooseTakes } from "./desk/choosing.js";
import { arrangeLine } from "./desk/arranging.js";
import { toast } from "./toasts.js";

arrangeLine();
chooseTakes();
keepAges();

// What was done, or why it was not.
document.addEventListener("deskAnswered", ({ detail }) => toast(detail.says, detail.mood));
