/** The bubble above the launcher that shows a message which came while the chat was closed. */

import type { Preview } from "../shared/bridge.ts";
import { plain } from "../shared/plain.ts";
import type { Shell } from "../shared/shell.ts";
import css from "./guest.css?inline";

const DISMISS = "Dismiss";

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

  function hide() {
    bubble.hidden = true;
    bubble.textContent = "";
  }

  function show({ name, text }: Preview) {
    const read = document.createElement("button");
    const who = document.createElement("b");
    const what = document.createElement("p");
    const dismiss = document.createElement("button");
    who.textContent = name;
    what.textContent = plain(text);
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
