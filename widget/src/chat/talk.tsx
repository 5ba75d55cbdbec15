/** One conversation: its messages, what is on the way, and the composer. */

import { isNewConversation } from "@foyer/protocol/outbox";
import { Component, h } from "preact";
import { Composer } from "./composer.tsx";
import { Messages } from "./messages.tsx";
import type { Model } from "./model.ts";
import { Aside, Bar, Faces, Icon } from "./parts.tsx";
import { locale, t } from "./words.ts";

/** Closer to an end than this counts as being there, px. */
const NEAR = 80;

interface Props {
  model: Model;
  id: string | null;
}
interface State {
  /** Something came while the visitor was reading further up. */
  newer: boolean;
}
interface Shape {
  id: string | null;
  height: number;
  first: number;
  last: number;
  unsent: number;
}

export class Talk extends Component<Props, State> {
  #log: HTMLElement | null = null;
  #was: Shape = { id: null, height: 0, first: 0, last: 0, unsent: 0 };
  #atEnd = true;
  override state: State = { newer: false };

  override componentDidMount() {
    this.#settle();
  }

  override componentDidUpdate() {
    this.#settle();
  }

  /** Stays at the end while the visitor is there, and in place while history grows above. */
  #settle() {
    const [log, was] = [this.#log, this.#was];
    if (!log) return;
    const { model, id } = this.props;
    const messages = model.state.threads[id ?? ""]?.messages;
    const [first, last] = [messages?.[0]?.seq ?? 0, messages?.at(-1)?.seq ?? 0];
    const unsent = model.state.entries.length;
    if (was.id !== id || unsent > was.unsent) this.#atEnd = true;
    if (this.#atEnd) this.#toEnd();
    else if (first < was.first) log.scrollTop += log.scrollHeight - was.height;
    else if (last > was.last) this.setState({ newer: true });
    this.#was = { id, height: log.scrollHeight, first, last, unsent };
    this.#older();
  }

  #older() {
    const { model, id } = this.props;
    if (id && !isNewConversation(id) && this.#log && this.#log.scrollTop < NEAR) model.older(id);
  }

  #toEnd = () => {
    if (this.#log) this.#log.scrollTop = this.#log.scrollHeight;
  };

  #scrolled = () => {
    const log = this.#log;
    if (!log) return;
    this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (this.#atEnd && this.state.newer) this.setState({ newer: false });
    this.#older();
  };

  override render({ model, id }: Props, { newer }: State) {
    const { session, threads, entries, typing, drafts, conversations, historyTo } = model.state;
    const key = id ?? "";
    const thread = threads[key];
    const config = session?.config;
    const { assignee, status } = conversations?.find((one) => one.id === id) ?? {};
    const team = assignee ? [assignee] : (config?.team ?? []);
    const typist = typing[key];
    return (
      <main class="talk">
        <Bar model={model}>
          <Faces team={team} />
          <div class="who">
            <h1>{assignee?.name ?? config?.workspace_name}</h1>
            <small dir="auto">{config?.reply_expectation}</small>
          </div>
        </Bar>
        <div
          ref={(log) => {
            this.#log = log;
          }}
          class="log"
          role="log"
          aria-live="polite"
          aria-label={t("log")}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          onScroll={this.#scrolled}
        >
          {!id && (
            <div class="start">
              <Faces team={team} />
              <p dir="auto">{config?.intro}</p>
            </div>
          )}
          <Messages
            model={model}
            id={id}
            thread={thread}
            entries={entries}
            historyTo={historyTo[key] ?? 0}
            locale={locale}
          />
          {status === "closed" && <p class="day">{t("closed")}</p>}
          {typist && (
            <p class="typing">
              <i />
              <i />
              <i />
              <Aside>{t("typing", { name: typist })}</Aside>
            </p>
          )}
        </div>
        {newer && (
          <button type="button" class="newer" onClick={this.#toEnd}>
            {t("newer")} <Icon name="down" />
          </button>
        )}
        <Composer model={model} draft={drafts[key] ?? ""} />
      </main>
    );
  }
}
