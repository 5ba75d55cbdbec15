/** The panel on its way: until the chat is in it, and when it doesn't come. */

import type { Shell } from "../shared/shell.ts";
import type { Language } from "./language.ts";

/** How long the chat may take to answer before opening counts as failed, ms. */
const PATIENCE = 8000;

export function createPanel(shell: Shell, language: Language, onFailure: () => void) {
  const panel = shell.root.getElementById("panel") as HTMLElement;
  const notice = document.createElement("p");
  const retry = document.createElement("button");
  const { style } = shell.root.host as HTMLElement;
  let timer: ReturnType<typeof setTimeout> | undefined;

  notice.role = "alert";
  notice.dir = retry.dir = "auto";
  retry.onclick = () => {
    shell.removeFrame();
    shell.open();
  };

  /** On phones the panel fills what the keyboard leaves of the screen. */
  const fitViewport = () => {
    const { height, offsetTop } = visualViewport as VisualViewport;
    style.setProperty("--height", `${height}px`);
    style.setProperty("--top", `${offsetTop}px`);
  };
  visualViewport?.addEventListener("resize", fitViewport);

  function clearNotice() {
    clearTimeout(timer);
    panel.classList.remove("failed");
    notice.remove();
    retry.remove();
  }

  /** It covers no more of the page than it needs to say so; a chat that comes late is welcome. */
  function fail() {
    const {
      unreachable = "We can't be reached right now. What you wrote is kept.",
      retry: again = "Try again",
    } = language.words;
    const inside = shell.root.activeElement;
    panel.classList.add("failed");
    notice.textContent = unreachable;
    retry.textContent = again;
    panel.append(notice, retry);
    if (inside) retry.focus();
    onFailure();
  }

  return {
    /** The chat was asked for and isn't there. */
    wait() {
      clearNotice();
      timer = setTimeout(fail, PATIENCE);
    },
    /** It is there. */
    showFrame() {
      clearNotice();
      // Loading the frame's document took the focus away again.
      const inside = document.activeElement === shell.root.host;
      panel.classList.add("ready");
      if (inside && shell.isOpen && !shell.options.preview) shell.frame?.focus();
    },
    /** Nobody waits for it any more, or it left the document. */
    hideFrame() {
      clearNotice();
      panel.classList.remove("ready");
    },
    destroy() {
      clearTimeout(timer);
      visualViewport?.removeEventListener("resize", fitViewport);
    },
  };
}
