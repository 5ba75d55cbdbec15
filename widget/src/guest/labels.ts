/** What the launcher says and how it moves: badge, words in the visitor's language, styles. */

import type { Shell } from "../shared/shell.ts";
import css from "./guest.css?inline";
import type { Language } from "./language.ts";

export function createLabels(shell: Shell, language: Language) {
  const { root } = shell;
  const sheet = new CSSStyleSheet();
  const badge = document.createElement("span");
  let unread = 0;

  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  root.getElementById("launcher")?.append(badge);

  function render() {
    const { words } = language;
    const { open = "Open chat", unread: mark = "{n} unread" } = words;
    const setUnread = unread ? ` (${mark.replace("{n}", `${unread}`)})` : "";
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : `${unread}`;
    shell.label({ ...words, open: open + setUnread });
  }

  render();
  return {
    render,
    setUnread(now: number) {
      unread = now;
      render();
    },
  };
}
