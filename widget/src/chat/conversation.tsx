/** One conversation: its messages, what is on the way, and the composer. */

import { Component, h } from "preact";
import { Composer } from "./composer.tsx";
import { locale, t } from "./i18n.ts";
import { Messages } from "./messages.tsx";
import type { Model } from "./model.ts";
import { Avatars, Bar, Icon, VisuallyHidden } from "./parts.tsx";

/** Closer to an end than this counts as being there, px. */
const NEAR = 80;

interface Props {
  model: Model;
  id: string | null;
}
interface State {
  /** Something came while the visitor was reading further up. */
  hasNewer: boolean;
}
interface ScrollState {
  id: string | null;
  height: number;
  first: number;
  last: number;
  unsent: number;
}

export class ConversationView extends Component<Props, State> {
  #log: HTMLElement | null = null;
  #previous: ScrollState = { id: null, height: 0, first: 0, last: 0, unsent: 0 };
  #atEnd = true;
  override state: State = { hasNewer: false };

  override componentDidMount() {
    this.#keepScroll();
  }

  override componentDidUpdate() {
    this.#keepScroll();
  }

  /** Stays at the end while the visitor is there, and in place while history grows above. */
  #keepScroll() {
    const [log, was] = [this.#log, this.#previous];
    if (!log) return;
    const { model, id } = this.props;
    const messages = model.state.threads[id ?? ""]?.messages;
    const [first, last] = [messages?.[0]?.seq ?? 0, messages?.at(-1)?.seq ?? 0];
    const unsent = model.state.entries.length;
    if (was.id !== id || unsent > was.unsent) this.#atEnd = true;
    if (this.#atEnd) this.#scrollToEnd();
    else if (first < was.first) log.scrollTop += log.scrollHeight - was.height;
    else if (last > was.last) this.setState({ hasNewer: true });
    this.#previous = { id, height: log.scrollHeight, first, last, unsent };
    this.#loadOlder(log);
  }

  #loadOlder(log: HTMLElement) {
    const { model, id } = this.props;
    if (id && log.scrollTop < NEAR) model.loadOlder(id);
  }

  #scrollToEnd = () => {
    if (this.#log) this.#log.scrollTop = this.#log.scrollHeight;
  };

  #onScroll = () => {
    const log = this.#log;
    if (!log) return;
    this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (this.#atEnd && this.state.hasNewer) this.setState({ hasNewer: false });
    this.#loadOlder(log);
  };

  override render({ model, id }: Props, { hasNewer }: State) {
    const { session, threads, entries, typing, drafts, conversations, historySeqs } = model.state;
    const key = id ?? "";
    const thread = threads[key];
    const config = session?.config;
    const { assignee, status } = conversations?.find((one) => one.id === id) ?? {};
    const team = assignee ? [assignee] : (config?.team ?? []);
    const typist = typing[key];
    return (
      <main class="talk">
        <Bar model={model}>
          <Avatars team={team} />
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
          onScroll={this.#onScroll}
        >
          {!id && (
            <div class="start">
              <Avatars team={team} />
              <p dir="auto">{config?.intro}</p>
            </div>
          )}
          <Messages
            model={model}
            id={id}
            thread={thread}
            entries={entries}
            historySeq={historySeqs[key] ?? 0}
            locale={locale}
          />
          {status === "closed" && <p class="day">{t("closed")}</p>}
          {typist && (
            <p class="typing">
              <i />
              <i />
              <i />
              <VisuallyHidden>{t("typing", { name: typist })}</VisuallyHidden>
            </p>
          )}
        </div>
        {hasNewer && (
          <button type="button" class="newer" onClick={this.#scrollToEnd}>
            {t("newer")} <Icon name="down" />
          </button>
        )}
        <Composer model={model} draft={drafts[key] ?? ""} />
      </main>
    );
  }
}
