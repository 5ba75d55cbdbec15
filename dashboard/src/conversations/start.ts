import { toPlainText } from "@foyer/protocol/markdown/plain";
import { effect } from "@preact/signals";
import { displayName } from "../contacts/public/displayName";
import { type Queue, registerQueue } from "../core/pending";
import { startActions } from "./actions";
import { counts, startCounts } from "./counts";
import { m } from "./messages";
import { startNotices } from "./notify";
import { outboxEntries, repliesSlowAt, startOutbox } from "./outbox";
import { changesSlowAt, queuedChanges } from "./queue";
import { conversationOf, startConversations } from "./store";
import { startThreads } from "./threads";
import { unread } from "./unread";

/** Follow the workspace's conversations, and do what waits to be done to them. */
export default function start(): () => void {
  const stops = [
    startCounts(), // before the rows: it tells by them whether a frame is about a new one
    startConversations(),
    startThreads(),
    startOutbox(),
    startActions(),
    startNotices(),
    registerQueue(queue),
    effect(() => {
      unread.value = counts.value?.unread.all ?? 0;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    unread.value = 0;
  };
}

const queue: Queue = {
  lines: () => {
    const text = m.queued;
    return [
      ...queuedChanges.value.map((one) => ({
        key: `${one.conversationId} ${one.action}`,
        text: text.change({ what: one.label, name: contactName(one.conversationId) }),
      })),
      ...outboxEntries.value
        .filter((entry) => entry.state !== "failed")
        .map((entry) => ({
          key: entry.client_id,
          text: text.reply({
            name: contactName(entry.conversation),
            text: toPlainText(entry.text),
          }),
        })),
    ];
  },
  slowAt: () => Math.min(changesSlowAt.value, repliesSlowAt.value),
};

function contactName(id: string): string {
  const contact = conversationOf(id)?.contact;
  return contact ? displayName(contact) : m.queued.unknown;
}
