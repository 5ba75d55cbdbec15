import type { Conversation } from "@foyer/protocol";
import { isComposing } from "@foyer/protocol/keys";
import { trimMessage } from "@foyer/protocol/text";
import { CheckCheck, SendHorizontal } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { displayName } from "../contacts/public/displayName";
import { useCommands } from "../core/commands";
import { sendFrame } from "../core/live";
import { common } from "../core/messages";
import { enterSends } from "../core/prefs";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Kbd } from "../ui/Kbd";
import { useToastsAbove } from "../ui/Toast";
import { draftOf, setDraft } from "./drafts";
import { EmojiButton } from "./EmojiButton";
import { m } from "./messages";
import { sendReply } from "./outbox";

const LIMIT = 10_000;
/** The number of characters left is told when fewer than this remain. */
const COUNTER_BELOW = 500;
/** Typing is told at most this often, milliseconds. */
const TYPING_INTERVAL = 2500;

/** Where a reply is written. Its text is a draft from the first letter on. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const { id, contact, status } = conversation;
  const form = useRef<HTMLFormElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const typingSentAt = useRef(0);
  const text = draftOf(id);
  const words = m.composer;
  const notice = noticeFor(conversation);
  const left = LIMIT - [...text].length;
  const canSend = text.trim() !== "" && left >= 0;

  useLayoutEffect(() => fitHeight(box.current), [text]);
  useToastsAbove(form);

  const changeText = (next: string) => {
    setDraft(id, next);
    if (!next || Date.now() - typingSentAt.current < TYPING_INTERVAL) return;
    typingSentAt.current = Date.now();
    sendFrame({ action: "typing", conversation_id: id });
  };
  const send = ({ thenClose = false } = {}) => {
    if (!canSend) return;
    setDraft(id, "");
    typingSentAt.current = 0;
    void sendReply(id, trimMessage(text), { thenClose });
    box.current?.focus();
  };
  useCommands([
    {
      id: "reply.close",
      label: words.sendAndClose,
      keys: "Mod-Shift-enter",
      icon: CheckCheck,
      group: common.groups.conversation,
      when: () => canSend && status !== "closed",
      run: () => send({ thenClose: true }),
    },
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") box.current?.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    const chord = event.metaKey || event.ctrlKey;
    if (!chord && !enterSends.value) return;
    event.preventDefault();
    send();
  };
  const insert = (piece: string) => {
    const area = box.current;
    const at = area?.selectionStart ?? text.length;
    changeText(text.slice(0, at) + piece + text.slice(area?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + piece.length, at + piece.length);
    });
  };

  return (
    <form
      ref={form}
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-box">
        <textarea
          ref={box}
          class="composer-text"
          data-composer=""
          aria-label={words.to({ name: displayName(contact) })}
          placeholder={words.placeholder}
          dir="auto"
          rows={1}
          value={text}
          onInput={(event) => changeText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-bar">
          <EmojiButton onPick={insert} />
          <span class={classes("composer-hint", notice && "is-notice")}>
            {notice || (text && words.formatting)}
          </span>
          {left < COUNTER_BELOW && (
            <span class={left < 0 ? "composer-over" : "composer-left"} role="status">
              {left < 0 ? words.tooLong({ count: -left }) : words.left({ count: left })}
            </span>
          )}
          {status !== "closed" && (
            <Button
              tone="quiet"
              size="small"
              class="composer-close"
              icon={CheckCheck}
              disabled={!canSend}
              data-tip={words.sendAndClose}
              data-tip-keys="Mod-Shift-enter"
              onClick={() => send({ thenClose: true })}
            >
              {words.sendAndClose}
            </Button>
          )}
          <span class="composer-keys" aria-hidden="true">
            <Kbd keys={enterSends.value ? "Enter" : "Mod-Enter"} />
          </span>
          <Button
            type="submit"
            tone="primary"
            size="small"
            icon={SendHorizontal}
            disabled={!canSend}
          >
            {words.send}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** What is to know before one writes on. */
function noticeFor({ contact, status }: Conversation): string {
  if (contact.blocked) return m.composer.blockedHint;
  return status === "closed" ? m.composer.closedHint : "";
}

/** Put the cursor into the composer: what `r` does. */
export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>("[data-composer]")?.focus();
}

const TALLEST = 240;

function fitHeight(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
}
