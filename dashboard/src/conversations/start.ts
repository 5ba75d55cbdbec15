import { plain } from "@foyer/protocol/markdown/plain";
import { effect } from "@preact/signals";
import { type Queue, registerQueue } from "../core/pending";
import { startActions } from "./actions";
import { m } from "./messages";
import { startNotices } from "./notify";
import { changesSlowFrom, queuedChanges } from "./queue";
import { repliesSlowFrom, startSending, waiting } from "./sending";
import { conversationOf, startConversations, unreadHere, unreadIsFloor } from "./store";
import { startThreads } from "./threads";
import { unread } from "./unread";

/** Follow the workspace's conversations, and do what waits to be done to them. */
export default function start(): () => void {
  const stops = [
    startConversations(),
    startThreads(),
    startSending(),
    startActions(),
    startNotices(),
    registerQueue(queue),
    effect(() => {
      unread.value = { value: unreadHere.value, isFloor: unreadIsFloor.value };
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    unread.value = { value: 0, isFloor: false };
  };
}

const queue: Queue = {
  lines: () => {
    const text = m.queued;
    return [
      ...queuedChanges.value.map((one) => ({
        key: `${one.conversationId} ${one.action}`,
        text: text.change({ what: one.label, name: nameOf(one.conversationId) }),
      })),
      ...waiting.value
        .filter((entry) => entry.state !== "failed")
        .map((entry) => ({
          key: entry.client_id,
          text: text.reply({ name: nameOf(entry.conversation), text: plain(entry.text) }),
        })),
    ];
  },
  slowAt: () => Math.min(changesSlowFrom.value, repliesSlowFrom.value),
};

function nameOf(id: string): string {
  return conversationOf(id)?.contact.name ?? m.queued.unknown;
}
