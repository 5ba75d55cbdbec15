import { pending } from "../../core/pending";
import { m } from "../messages";

/** How much waits for the connection, and on demand what. */
export function PendingChanges() {
  const lines = pending.value;
  if (lines.length === 0) return null;
  return (
    <details class="queued">
      <summary>{m.queued({ count: lines.length })}</summary>
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
