/** What the launcher says: its badge, and its words in the visitor's language. */

import type { Shell } from "../shared/shell.ts";

export function labelsOf(shell: Shell) {
  const badge = document.createElement("span");
  let unread = 0;
  let words: Record<string, string> = {};

  badge.id = "badge";
  shell.root.getElementById("launcher")?.append(badge);

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
