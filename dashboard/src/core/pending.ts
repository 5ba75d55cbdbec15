/** What waits for the connection or the server, told by the modules that keep it. */

import { computed, signal } from "@preact/signals";

export interface Queue {
  /** What waits, in words. */
  lines: () => readonly { key: string; text: string }[];
  /** When it counts as slow, milliseconds since the epoch; Infinity when nothing waits. */
  slowAt: () => number;
}

const queues = signal<readonly Queue[]>([]);

export const pending = computed(() => queues.value.flatMap((queue) => queue.lines()));
export const slowAt = computed(() => Math.min(...queues.value.map((one) => one.slowAt())));

/** Have a queue counted until the answer is called. */
export function registerQueue(queue: Queue): () => void {
  queues.value = [...queues.value, queue];
  return () => {
    queues.value = queues.value.filter((one) => one !== queue);
  };
}
