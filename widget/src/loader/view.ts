/**
 * What the loader draws: launcher, badge, and the panel around the frame.
 *
 * Lives in a shadow root and is styled by a constructable stylesheet and the CSSOM, so that no
 * style of the host gets in and the host's CSP needs no `style-src`. Elements are built one by
 * one: `innerHTML` fails where the host requires trusted types.
 */

import type { Look } from "../shared/shell.ts";
import css from "./loader.css?inline";

const CHAT = "M21 12a8.5 8.5 0 0 1-12.4 7.6L3 21l1.5-5.2A8.5 8.5 0 1 1 21 12z";
const CLOSE = "m6 9 6 6 6-6";
const SVG = "http://www.w3.org/2000/svg";

export type View = ReturnType<typeof draw>;

export function draw(toggle: () => void, close: () => void) {
  const host = document.createElement("foyer-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const panel = document.createElement("div");
  const launcher = document.createElement("button");
  const badge = document.createElement("span");
  const icon = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const property = (name: string, value: string) => host.style.setProperty(`--${name}`, value);
  let unread = 0;
  let words: Record<string, string> = {
    open: "Open chat",
    shut: "Close chat",
    unread: "{n} unread",
    chat: "Chat",
  };

  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  panel.id = "panel";
  launcher.id = "launcher";
  launcher.onclick = toggle;
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.append(path);
  launcher.append(icon, badge);
  root.append(panel, launcher);
  root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && close());

  function label() {
    const open = panel.className;
    path.setAttribute("d", open ? CLOSE : CHAT);
    launcher.ariaLabel = open
      ? (words.shut as string)
      : words.open + (unread ? ` (${words.unread?.replace("{n}", `${unread}`)})` : "");
    launcher.ariaExpanded = `${!!open}`;
    badge.hidden = !!open || !unread;
    badge.textContent = unread > 99 ? "99+" : `${unread}`;
  }

  return {
    host,
    root,
    frame: undefined as HTMLIFrameElement | undefined,
    launcher,
    property,
    dress({ colour, position, launcher_hidden, theme }: Look) {
      property("accent", colour);
      property("theme", theme === "auto" ? "light dark" : theme);
      host.className = position;
      launcher.hidden = launcher_hidden;
      if (!host.parentNode) document.body.append(host);
    },
    badge(count: number) {
      unread = count;
      label();
    },
    speak(own: Record<string, string>) {
      words = own;
      label();
    },
    show(open: boolean) {
      panel.className = open ? "open" : "";
      label();
    },
    addFrame(src: string) {
      const frame = document.createElement("iframe");
      frame.title = words.chat as string;
      frame.src = src;
      panel.append(frame);
      this.frame = frame;
      return frame;
    },
    dropFrame() {
      this.frame?.remove();
      this.frame = undefined;
    },
  };
}
