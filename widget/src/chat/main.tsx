/** The frame's start: takes the loader's port, then draws. */

import { isComposing } from "@foyer/protocol/keys";
import { h, render } from "preact";
import { GREETING, type ToFrame } from "../shared/bridge.ts";
import { App } from "./app.tsx";
import { setLanguage } from "./i18n.ts";
import { createModel, type Model } from "./model.ts";
import css from "./styles/index.css?inline";

/** The loader's page, as it names itself; only its own parent may say so. */
const hostOrigin = location.hash.slice(1);

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];

addEventListener("message", function onGreeting({ data, source, origin, ports: [port] }) {
  if (data !== GREETING || source !== parent || origin !== hostOrigin || !port) return;
  removeEventListener("message", onGreeting);
  start(port);
});

function start(port: MessagePort) {
  const model = createModel((message) => port.postMessage(message), scheduleRender);
  let hasLanguage = false;
  let isRenderScheduled = false;

  function scheduleRender() {
    if (isRenderScheduled || !hasLanguage) return;
    isRenderScheduled = true;
    queueMicrotask(() => {
      isRenderScheduled = false;
      applyTheme(model);
      render(<App model={model} />, document.body);
    });
  }

  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.kind === "start") {
      setAccent(data.colour);
      port.postMessage({ kind: "started" });
    }
    if (data.kind === "language") {
      setLanguage(data.locale, data.words);
      hasLanguage = true;
      scheduleRender();
    }
    model.receive(data);
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !isComposing(event)) model.close();
  });
  for (const event of ["focus", "visibilitychange", "pointerdown"]) {
    addEventListener(event, model.markRead, true);
  }
  addEventListener("online", scheduleRender);
  addEventListener("offline", scheduleRender);
}

function applyTheme({ state }: Model) {
  const config = state.session?.config;
  if (!config) return;
  setAccent(config.colour);
  document.documentElement.dataset.theme = config.theme;
}

function setAccent(colour: string) {
  document.documentElement.style.setProperty("--accent", colour);
}
