/**
 * Shows a message that comes while the chat is closed, in a bubble whose script is fetched for the
 * first one: reading messages takes more code than all the rest that a page needs of the widget.
 */

import type { Bubble } from "../preview/bubble.ts";
import type { Preview } from "../shared/bridge.ts";
import type { Shell } from "../shared/shell.ts";
import type { Language } from "./language.ts";

declare const PREVIEW_SCRIPT: string;

export function createPreview(shell: Shell, language: Language) {
  let bubble: Bubble | undefined;
  let newest: Preview | undefined;

  return {
    async show(message: Preview) {
      newest = message;
      // Also when it can't be fetched: there is no bubble then, and the badge tells of the message.
      if (!window.Foyer?.createBubble)
        await new Promise((done) => shell.fetch(PREVIEW_SCRIPT, done as () => void, done));
      if (newest !== message) return;
      bubble ??= window.Foyer?.createBubble?.(shell.root, () => shell.open());
      bubble?.show(message, language.words.dismiss ?? "Dismiss");
    },
    hide() {
      newest = undefined;
      bubble?.hide();
    },
  };
}
