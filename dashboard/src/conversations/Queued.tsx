import { plain } from "@foyer/protocol/markdown/plain";
import { m } from "./messages";
import { queuedChanges } from "./queue";
import { waiting } from "./sending";
import { conversationOf } from "./store";

/** How much waits for the connection, and on demand what. */
export function Queued() {
  const text = m.queued;
  const lines = [
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
  if (lines.length === 0) return null;
  return (
    <details class="queued">
      <summary>{text.count({ count: lines.length })}</summary>
      <ul>
        {lines.map((line) => (
          <li key={line.key} class="truncate">
            <bdi>{line.text}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}

function nameOf(id: string): string {
  return conversationOf(id)?.contact.name ?? m.queued.unknown;
}
