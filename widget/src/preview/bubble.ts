/** The bubble above the launcher that shows a message which came while the chat was closed. */

import { toPlainText } from "@foyer/protocol/markdown/plain";
import type { Preview } from "../shared/bridge.ts";
import css from "./bubble.css?inline";

export interface Bubble {
  show(message: Preview, dismissWord: string): void;
  hide(): void;
}

/** A hidden bubble in the widget's root; `onOpen` opens the chat. */
export function createBubble(root: ShadowRoot, onOpen: () => void): Bubble {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const bubble = document.createElement("div");
  bubble.id = "preview";
  bubble.role = "status";
  bubble.dir = "auto";
  bubble.hidden = true;
  root.append(bubble);

  function hide() {
    bubble.hidden = true;
    bubble.textContent = "";
  }

  function show({ name, text }: Preview, dismissWord: string) {
    const open = document.createElement("button");
    const who = document.createElement("b");
    const what = document.createElement("p");
    const dismiss = document.createElement("button");
    who.textContent = name;
    what.textContent = toPlainText(text);
    open.append(who, what);
    open.onclick = onOpen;
    dismiss.textContent = "✕";
    dismiss.ariaLabel = dismissWord;
    dismiss.onclick = hide;
    bubble.replaceChildren(open, dismiss);
    bubble.hidden = false;
  }

  return { show, hide };
}
