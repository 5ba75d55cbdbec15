/** The frame's start: takes the loader's port, then draws. */

import { isComposing } from "@foyer/protocol/keys";
import { h, render } from "preact";
import { GREETING, type ToFrame } from "../shared/bridge.ts";
import { App } from "./app.tsx";
import { createModel, type Model } from "./model.ts";
import css from "./styles/index.css?inline";
import { speak } from "./words.ts";

/** The loader's page, as it names itself; only its own parent may say so. */
const hostOrigin = location.hash.slice(1);

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];

addEventListener("message", function greeted({ data, source, origin, ports: [port] }) {
  if (data !== GREETING || source !== parent || origin !== hostOrigin || !port) return;
  removeEventListener("message", greeted);
  begin(port);
});

function begin(port: MessagePort) {
  const model = createModel((message) => port.postMessage(message), draw);
  let spoken = false;
  let drawing = false;

  function draw() {
    if (drawing || !spoken) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      dress(model);
      render(<App model={model} />, document.body);
    });
  }

  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.kind === "start") {
      paint(data.colour);
      port.postMessage({ kind: "started" });
    }
    if (data.kind === "language") {
      speak(data.locale, data.words);
      spoken = true;
      draw();
    }
    model.told(data);
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !isComposing(event)) model.close();
  });
  for (const seen of ["focus", "visibilitychange", "pointerdown"]) {
    addEventListener(seen, model.read, true);
  }
  addEventListener("online", draw);
  addEventListener("offline", draw);
}

function dress({ state }: Model) {
  const config = state.session?.config;
  if (!config) return;
  paint(config.colour);
  document.documentElement.dataset.theme = config.theme;
}

function paint(colour: string) {
  document.documentElement.style.setProperty("--accent", colour);
}
