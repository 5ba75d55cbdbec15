import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  changesSlowAt,
  drain,
  loadChanges,
  postOrQueue,
  type QueuedChange,
  queuedChanges,
} from "./queue";

const close: QueuedChange = { conversationId: "cnv_1", action: "close", body: {}, label: "Close" };
let answers: (Response | Error)[] = [];
let asked: string[] = [];

const problem = (status: number, code: string, retry_after?: number) =>
  new Response(JSON.stringify({ status, code, title: code, retry_after }), { status });
const done = () => new Response(JSON.stringify({ id: "cnv_1", status: "closed" }));
const refused: string[] = [];
const drainAll = () =>
  drain(
    () => undefined,
    (_, error) => refused.push(String(error)),
  );

beforeEach(() => {
  localStorage.clear();
  loadChanges();
  answers = [];
  asked = [];
  refused.length = 0;
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const answer = answers.shift() ?? new TypeError("no network");
    if (answer instanceof Error) throw answer;
    return answer;
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a change that can't be made now", () => {
  test.each([
    ["no network", new TypeError("down")],
    ["an engine in trouble", problem(503, "server.unavailable", 3)],
    ["a gateway that gave up", problem(504, "gateway.failed")],
    ["a bug of the server's", problem(500, "server.error")],
  ])("is kept and not called refused: %s", async (_, answer) => {
    answers = [answer];
    expect(await postOrQueue(close)).toBeNull();
    expect(queuedChanges.value).toHaveLength(1);
    expect(changesSlowAt.value).toBeGreaterThan(Date.now());
    answers = [done()];
    expect(await drainAll()).toBeNull();
    expect([queuedChanges.value, refused, changesSlowAt.value]).toEqual([[], [], Infinity]);
  });

  test("is tried again when the server says, and in order", async () => {
    answers = [problem(503, "server.unavailable", 3), problem(503, "server.unavailable", 9)];
    await postOrQueue(close);
    await postOrQueue({ ...close, action: "open" });
    expect(await drainAll()).toBe(9);
    answers = [done(), done()];
    await drainAll();
    expect(asked.slice(-2).map((url) => url.split("/").pop())).toEqual(["close", "open"]);
  });
});

test("a change that is refused is told, and kept no more", async () => {
  answers = [problem(409, "conversation.claimed")];
  await expect(postOrQueue(close)).rejects.toThrow("conversation.claimed");
  expect(queuedChanges.value).toEqual([]);
});
