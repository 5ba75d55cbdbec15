/** The bubble above the launcher that shows a message which came while the chat was closed. */

import type { Preview } from "../shared/bridge.ts";
import type { Shell } from "../shared/shell.ts";
import css from "./guest.css?inline";

const DISMISS = "Dismiss";
declare const PLAIN_SCRIPT: string;

/** The text without its marks; with them where the script for that doesn't come. */
function plainly(text: string, origin: string): Promise<string> {
  const words = () => window.Foyer?.plain?.(text) ?? text;
  if (window.Foyer?.plain) return Promise.resolve(words());
  const tag = document.createElement("script");
  tag.src = `${origin}/widget/${PLAIN_SCRIPT}`;
  return new Promise((resolve) => {
    tag.onload = tag.onerror = () => {
      tag.remove();
      resolve(words());
    };
    document.head.append(tag);
  });
}

export function previewIn(shell: Shell) {
  let dismissWord = DISMISS;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shell.root.adoptedStyleSheets = [...shell.root.adoptedStyleSheets, sheet];
  const bubble = document.createElement("div");
  bubble.id = "preview";
  bubble.role = "status";
  bubble.dir = "auto";
  bubble.hidden = true;
  shell.root.append(bubble);

  let newest: Preview | undefined;

  function hide() {
    newest = undefined;
    bubble.hidden = true;
    bubble.textContent = "";
  }

  async function show(message: Preview) {
    newest = message;
    const words = await plainly(message.text, shell.origin);
    if (newest !== message || shell.isOpen) return;
    const read = document.createElement("button");
    const who = document.createElement("b");
    const what = document.createElement("p");
    const dismiss = document.createElement("button");
    who.textContent = message.name;
    what.textContent = words;
    read.append(who, what);
    read.onclick = () => shell.open();
    dismiss.textContent = "✕";
    dismiss.ariaLabel = dismissWord;
    dismiss.onclick = hide;
    bubble.replaceChildren(read, dismiss);
    bubble.hidden = false;
  }

  return {
    show,
    hide,
    speak({ dismiss = DISMISS }: Record<string, string>) {
      dismissWord = dismiss;
    },
  };
}
