/** The chat's screens, and what is told above them. */

import { Fragment, h } from "preact";
import { ConversationView } from "./conversation.tsx";
import { Home, List } from "./home.tsx";
import { type TextKey, t } from "./i18n.ts";
import type { Model } from "./model.ts";

export function App({ model }: { model: Model }) {
  const { view } = model.state;
  return (
    <>
      <Banner model={model} />
      {view.name === "home" && <Home model={model} />}
      {view.name === "list" && <List model={model} />}
      {view.name === "talk" && <ConversationView model={model} id={view.id} />}
    </>
  );
}

function Banner({ model }: { model: Model }) {
  const key = findBannerKey(model);
  const retry = key === "load_failed" || key === "unreachable";
  return (
    <div class="banner" role="status" hidden={!key}>
      {key && t(key)}
      {retry && (
        <button type="button" onClick={model.reload}>
          {t("retry")}
        </button>
      )}
    </div>
  );
}

function findBannerKey({ state }: Model): TextKey | null {
  const { session, failure, connection, hasFailed, isStale, isSlow } = state;
  if (!navigator.onLine || connection === "offline") return "offline";
  if (!session || (failure && connection !== "open")) return failure;
  if (hasFailed) return "load_failed";
  if (isSlow) return "slow";
  if (!isStale) return null;
  return connection === "open" ? "catching" : "waiting";
}
