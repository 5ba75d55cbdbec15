/** An operator's connection: it subscribes to topics, also after every reconnect. */

import { type Connection, type ConnectionOptions, createConnection } from "./connection.ts";

export type { SocketState } from "./connection.ts";

export interface SocketOptions<E extends { type: string }> extends ConnectionOptions<E> {
  /** A frame of ours was refused, or a topic may not be seen. */
  onProblem?: (problem: Record<string, unknown>) => void;
}

export interface FoyerSocket extends Connection {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export function createSocket<E extends { type: string }>(options: SocketOptions<E>): FoyerSocket {
  const { onFrame, onGap, onProblem } = options;
  const topics = new Set<string>();
  const connection = createConnection<E>({
    ...options,
    onFrame(frame) {
      if (frame.type === "problem") onProblem?.(frame);
      else onFrame(frame);
    },
    onGap() {
      for (const topic of topics) connection.send({ action: "subscribe", topic });
      onGap?.();
    },
  });
  return {
    ...connection,
    get state() {
      return connection.state;
    },
    subscribe(topic) {
      topics.add(topic);
      connection.send({ action: "subscribe", topic });
    },
    unsubscribe(topic) {
      topics.delete(topic);
      connection.send({ action: "unsubscribe", topic });
    },
  };
}
