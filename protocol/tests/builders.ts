import type { Message } from "../src/wire.ts";

export function aMessage(seq: number, text = `message ${seq}`): Message {
  return {
    id: `msg_${seq}`,
    conversation_id: "cnv_1",
    seq,
    author: { type: "contact", id: "con_1", name: "Lin" },
    text,
    attachments: [],
    client_id: `c${seq}`,
    created_at: "2030-01-01T00:00:00.000Z",
    delivery: "sent",
  };
}

export function createdFrame(message: Message) {
  return { type: "message.created", id: `evt_${message.seq}`, data: { message } };
}

export function readBy(by: "team" | "customer", seq: number, state = "read") {
  return { type: "message.read", id: "evt_r", data: { conversation_id: "cnv_1", by, seq, state } };
}

/** Repeatable random numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

export function shuffle<T>(random: () => number, items: readonly T[]): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
