/** The first screen, and the list of conversations. */

import { toPlainText } from "@foyer/protocol/markdown/plain";
import { h } from "preact";
import { t } from "./i18n.ts";
import type { ConversationSummary, Model } from "./model.ts";
import { Avatar, Avatars, Bar, focus, Icon, VisuallyHidden } from "./parts.tsx";
import { ago } from "./time.ts";

export function Home({ model }: { model: Model }) {
  const { session } = model.state;
  const config = session?.config;
  const [latest, ...others] = model.conversations();
  const team = config?.team ?? [];
  return (
    <main class="home" tabIndex={-1} ref={model.state.isOpen ? focus : null}>
      <div class="hero">
        <Bar model={model} first>
          <strong>{config?.workspace_name}</strong>
          <Avatars team={team} />
        </Bar>
        {config && <h1 dir="auto">{config.greeting}</h1>}
        <p dir="auto">{config?.intro}</p>
      </div>
      <div class="cards">
        {latest && (
          <section class="card">
            <h2>{t("recent")}</h2>
            <Row model={model} conversation={latest} />
            {others[0] && (
              <button
                type="button"
                class="row more"
                onClick={() => model.navigate({ name: "list" })}
              >
                {t("all")}
                <Icon name="next" />
              </button>
            )}
          </section>
        )}
        {(session || model.state.failure !== "unavailable") && <NewMessage model={model} />}
      </div>
    </main>
  );
}

function NewMessage({ model }: { model: Model }) {
  return (
    <button
      type="button"
      class="card new"
      onClick={() => model.navigate({ name: "talk", id: null })}
    >
      <span>
        <b>{t("new")}</b>
        <small dir="auto">{model.state.session?.config.reply_expectation}</small>
      </span>
      <Icon name="send" />
    </button>
  );
}

function Row({ model, conversation }: { model: Model; conversation: ConversationSummary }) {
  const { id, last_message: last, unread, assignee, last_activity_at } = conversation;
  const { session } = model.state;
  const mine = last?.author.type === "contact";
  const name =
    (!mine && last?.author.name) || assignee?.name || session?.config.workspace_name || "";
  return (
    <button type="button" class="row" onClick={() => model.navigate({ name: "talk", id })}>
      <Avatar name={name} />
      <span class="what">
        <span class={unread ? "last strong" : "last"} dir="auto">
          {mine && `${t("you")}: `}
          {last && toPlainText(last.text)}
        </span>
        <small>
          {name} · {ago(last_activity_at)}
        </small>
      </span>
      {unread ? (
        <span class="count">
          <span aria-hidden="true">{unread}</span>
          <VisuallyHidden>{t("unread", { n: unread })}</VisuallyHidden>
        </span>
      ) : (
        <Icon name="next" />
      )}
    </button>
  );
}

export function List({ model }: { model: Model }) {
  return (
    <main class="list" tabIndex={-1} ref={focus}>
      <Bar model={model}>
        <h1>{t("conversations")}</h1>
      </Bar>
      <ul class="rows">
        {model.conversations().map((conversation) => (
          <li key={conversation.id}>
            <Row model={model} conversation={conversation} />
          </li>
        ))}
      </ul>
      <footer>
        <NewMessage model={model} />
      </footer>
    </main>
  );
}
