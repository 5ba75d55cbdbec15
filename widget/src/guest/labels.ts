/** What the launcher says and how it moves: badge, words in the visitor's language, styles. */

import type { Shell } from "../shared/shell.ts";
import css from "./guest.css?inline";

export function labelsOf(shell: Shell) {
  const { root } = shell;
  const sheet = new CSSStyleSheet();
  const badge = document.createElement("span");
  let unread = 0;
  let words: Record<string, string> = {};

  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  root.getElementById("launcher")?.append(badge);

  function draw() {
    const { open = "Open chat", unread: mark = "{n} unread" } = words;
    const count = unread ? ` (${mark.replace("{n}", `${unread}`)})` : "";
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : `${unread}`;
    shell.speak({ ...words, open: open + count });
  }

  draw();
  return {
    count(now: number) {
      unread = now;
      draw();
    },
    speak(own: Record<string, string>) {
      words = own;
      draw();
    },
  };
}
