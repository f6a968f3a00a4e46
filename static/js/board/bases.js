// The revision that an edit was made on: the one on the page when it was first sent, however often it
// is sent again. Typed text knows its own.

import { keyOf } from "./requests.js";
import { AUTOSAVED, baseOf, revision } from "./typing.js";

const bases = new Map();

export function baseFor(element) {
  if (element.matches(AUTOSAVED)) return baseOf(element);
  const key = keyOf(element);
  if (!bases.has(key)) bases.set(key, revision());
  return bases.get(key);
}

export const forgetBase = (element) => bases.delete(keyOf(element));
