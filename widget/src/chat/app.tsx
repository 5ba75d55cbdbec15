/** The chat's screens, and what is told above them. */

import { Fragment, h } from "preact";
import { Home, List } from "./home.tsx";
import type { Model } from "./model.ts";
import { Talk } from "./talk.tsx";
import { t, type Word } from "./words.ts";

export function App({ model }: { model: Model }) {
  const { view } = model.state;
  return (
    <>
      <Banner model={model} />
      {view.name === "home" && <Home model={model} />}
      {view.name === "list" && <List model={model} />}
      {view.name === "talk" && <Talk model={model} id={view.id} />}
    </>
  );
}

function Banner({ model }: { model: Model }) {
  const word = trouble(model);
  const retry = word === "load_failed" || word === "unreachable";
  return (
    <div class="banner" role="status" hidden={!word}>
      {word && t(word)}
      {retry && (
        <button type="button" onClick={model.reload}>
          {t("retry")}
        </button>
      )}
    </div>
  );
}

function trouble({ state }: Model): Word | null {
  const { session, refused, connection, loadFailed, lost, slow } = state;
  if (!navigator.onLine || connection === "offline") return "offline";
  if (!session || (refused && connection !== "open")) return refused;
  if (loadFailed) return "load_failed";
  if (slow) return "slow";
  if (!lost) return null;
  return connection === "open" ? "catching" : "waiting";
}
