/** Where the visitor writes. */

import { isComposing } from "@foyer/protocol/keys";
import { trimMessage } from "@foyer/protocol/text";
import { Component, h } from "preact";
import type { Picker } from "../emoji/picker.ts";
import { t } from "./i18n.ts";
import type { Model } from "./model.ts";
import { Icon, IconButton } from "./parts.tsx";

/** A module beside this one, built by itself: Vite's own chunks come with 0.7 kB of preloading. */
declare const EMOJI_SCRIPT: string;

/** The API refuses longer messages; it counts code points, of which this is never less. */
const LIMIT = 10_000;
const COUNTER_FROM = 9000;

interface Props {
  model: Model;
  draft: string;
}
interface State {
  picker?: Picker | undefined;
}

// A class, like ConversationView: together they would be the only users of preact/hooks, 1 kB of it.
export class Composer extends Component<Props, State> {
  #field: HTMLTextAreaElement | null = null;

  override componentDidMount() {
    this.#focus();
    this.#fitHeight();
  }

  override componentDidUpdate() {
    this.#fitHeight();
  }

  #focus = () => this.#field?.focus();

  #fitHeight() {
    const field = this.#field;
    if (!field || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  get #canSend(): boolean {
    const { draft, model } = this.props;
    return draft.trim() !== "" && draft.length <= LIMIT && !!model.state.session?.token;
  }

  #send = (event: Event) => {
    event.preventDefault();
    if (this.#canSend) this.props.model.send(trimMessage(this.props.draft));
    this.#focus();
  };

  #onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) this.#send(event);
  };

  #togglePicker = async () => {
    if (this.state.picker) return this.#closePicker();
    const { createPicker }: typeof import("../emoji/picker.ts") = await import(
      /* @vite-ignore */ new URL(EMOJI_SCRIPT, import.meta.url).href
    );
    this.setState({ picker: createPicker(t("emoji"), this.#insert, this.#closePicker) });
  };

  #showPicker = (place: HTMLElement | null) => {
    const { picker } = this.state;
    if (!picker) return;
    place?.replaceChildren(picker.element);
    picker.focus();
  };

  #closePicker = () => {
    this.setState({ picker: undefined });
    this.#focus();
  };

  #insert = (emoji: string) => {
    const field = this.#field;
    if (!field) return;
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, "end");
    this.props.model.edit(field.value);
    this.#closePicker();
  };

  override render({ model, draft }: Props, { picker }: State) {
    const left = LIMIT - draft.length;
    return (
      <form class="composer" onSubmit={this.#send}>
        {picker && <div ref={this.#showPicker} />}
        <textarea
          ref={(field) => {
            this.#field = field;
          }}
          rows={1}
          dir={draft ? "auto" : undefined}
          value={draft}
          aria-label={t("write")}
          placeholder={t("write")}
          aria-invalid={left < 0}
          enterkeyhint="send"
          onInput={(event) => model.edit(event.currentTarget.value)}
          onKeyDown={this.#onKeyDown}
        />
        <div class="tools">
          <IconButton name="emoji" expanded={!!picker} onClick={this.#togglePicker} />
          <span class="counter" role="status">
            {left < LIMIT - COUNTER_FROM &&
              (left < 0 ? t("over", { n: -left }) : t("left", { n: left }))}
          </span>
          <button type="submit" class="round go" aria-label={t("send")} disabled={!this.#canSend}>
            <Icon name="send" />
          </button>
        </div>
      </form>
    );
  }
}
