import { textsOf } from "../core/messages";
import type english from "../languages/en/emoji";

export interface Emoji {
  symbol: string;
  words: string;
}

const m = textsOf<typeof english>("emoji");

/** Those to choose from, in the order of the catalogue. */
export function listEmoji(): Emoji[] {
  return Object.entries(m.words).map(([symbol, words]) => ({ symbol, words }));
}
