import { signal } from "@preact/signals";
import { EMPTY_SELECTION, type Selection } from "./selection";

/** The rows that are marked now: the list marks them, the bulk bar acts on them. */
export const selection = signal<Selection>(EMPTY_SELECTION);
