/** An operator's connection: a link that follows topics, also through every reconnect. */

import { createLink, type Link, type LinkOptions } from "./link.ts";

export type { SocketState } from "./link.ts";

export interface SocketOptions<E extends { type: string }> extends LinkOptions<E> {
  /** A frame of ours was refused, or a topic may not be seen. */
  onProblem?: (problem: Record<string, unknown>) => void;
}

export interface FoyerSocket extends Link {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export function createSocket<E extends { type: string }>(options: SocketOptions<E>): FoyerSocket {
  const { onFrame, onGap, onProblem } = options;
  const topics = new Set<string>();
  const link = createLink<E>({
    ...options,
    onFrame(frame) {
      if (frame.type === "problem") onProblem?.(frame);
      else onFrame(frame);
    },
    onGap() {
      for (const topic of topics) link.send({ action: "subscribe", topic });
      onGap?.();
    },
  });
  return {
    ...link,
    get state() {
      return link.state;
    },
    subscribe(topic) {
      topics.add(topic);
      link.send({ action: "subscribe", topic });
    },
    unsubscribe(topic) {
      topics.delete(topic);
      link.send({ action: "unsubscribe", topic });
    },
  };
}
