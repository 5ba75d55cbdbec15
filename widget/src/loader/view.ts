/**
 * What the loader draws: the launcher, and the panel around the frame. What isn't needed to open
 * and to close them is the guest script's to add.
 *
 * Lives in a shadow root and is styled by a constructable stylesheet and the CSSOM, so that no
 * style of the host gets in and the host's CSP needs no `style-src`. Elements are built one by
 * one: `innerHTML` fails where the host requires trusted types.
 */

import type { Look } from "../shared/shell.ts";
import css from "./loader.css?inline";

export const LOOK: Look = {
  colour: "#3b5bdb",
  position: "right",
  launcher_hidden: false,
  theme: "auto",
};

const CHAT = "M21 12a8.5 8.5 0 0 1-12.4 7.6L3 21l1.5-5.2A8.5 8.5 0 1 1 21 12z";
const CLOSE = "m6 9 6 6 6-6";
const ENGLISH: Record<string, string> = {
  open: "Open chat",
  shut: "Close chat",
  chat: "Chat",
};
const SVG = "http://www.w3.org/2000/svg";

export type View = ReturnType<typeof createView>;

export function createView(toggle: () => void, close: () => void) {
  const host = document.createElement("foyer-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const panel = document.createElement("div");
  const launcher = document.createElement("button");
  const icon = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const setProperty = (name: string, value: string) => host.style.setProperty(`--${name}`, value);
  let words = ENGLISH;
  let frame: HTMLIFrameElement | undefined;

  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  panel.id = "panel";
  panel.tabIndex = -1;
  launcher.id = "launcher";
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.append(path);
  launcher.append(icon);
  root.append(panel, launcher);

  function updateLabels() {
    const open = panel.classList.contains("open");
    path.setAttribute("d", open ? CLOSE : CHAT);
    launcher.ariaLabel = (open ? words.shut : words.open) as string;
    launcher.ariaExpanded = `${open}`;
  }

  return {
    host,
    root,
    get frame() {
      return frame;
    },
    panel,
    launcher,
    restyle({ colour, position, launcher_hidden, theme }: Look) {
      setProperty("accent", CSS.supports("color", colour) ? colour : LOOK.colour);
      setProperty("theme", theme === "auto" ? "light dark" : theme);
      host.className = position;
      launcher.hidden = launcher_hidden;
    },
    /** Beside the body, so that whoever replaces that one neither takes the chat nor reloads it. */
    attach() {
      if (host.isConnected) return;
      // Each time: `document.open` takes all listeners away.
      launcher.onclick = toggle;
      host.onkeydown = ({ key }) => {
        if (key === "Escape") close();
      };
      document.documentElement.append(host);
    },
    label(own?: Record<string, string>) {
      words = { ...ENGLISH, ...own };
      if (frame) frame.title = words.chat as string;
      updateLabels();
    },
    toggle(open: boolean) {
      panel.classList.toggle("open", open);
      updateLabels();
    },
    addFrame(src: string) {
      frame = document.createElement("iframe");
      frame.title = words.chat as string;
      frame.src = src;
      panel.append(frame);
      return frame;
    },
    removeFrame() {
      frame?.remove();
      frame = undefined;
      panel.classList.remove("ready");
    },
  };
}
