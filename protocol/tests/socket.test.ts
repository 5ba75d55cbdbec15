import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../src/http.ts";
import { createSocket, type FoyerSocket, type SocketOptions } from "../src/socket.ts";
import type { OperatorEvent } from "../src/wire.ts";
import { FakeSocket, FakeWindow } from "./network.ts";

let page: FakeWindow;
let socket: FoyerSocket | undefined;

function aSocket(options: Partial<SocketOptions<OperatorEvent>> = {}) {
  const heard: unknown[] = [];
  const states: string[] = [];
  let gaps = 0;
  socket = createSocket<OperatorEvent>({
    fetchTicket: async () => ({ ticket: "tkt 1", url: "wss://x/socket", expires_in: 30 }),
    onFrame: (frame) => heard.push(frame),
    onGap: () => {
      gaps += 1;
    },
    onState: (state) => states.push(state),
    random: () => 1,
    ...options,
  });
  return { socket, heard, states, gaps: () => gaps };
}

async function openSocket(options: Partial<SocketOptions<OperatorEvent>> = {}) {
  const made = aSocket(options);
  made.socket.open();
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.latest().accept();
  return made;
}

const actions = (of = FakeSocket.latest()) => of.sent.map(({ action }) => action);
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakeWindow();
  page.install();
});
afterEach(() => {
  socket?.close();
  page.remove();
  vi.useRealTimers();
});

describe("a socket", () => {
  test("connects with a fresh ticket and tells its owner to catch up", async () => {
    const { states, gaps } = await openSocket();
    expect(FakeSocket.latest().url).toBe("wss://x/socket?ticket=tkt%201");
    expect([states, gaps()]).toEqual([["connecting", "open"], 1]);
  });

  test("comes back by itself, subscribes again and tells of the gap", async () => {
    const { socket, states, gaps } = await openSocket();
    socket.subscribe("conversations");
    socket.subscribe("visitors");
    socket.unsubscribe("visitors");
    FakeSocket.latest().drop();
    expect(states.at(-1)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.latest().accept();
    expect(FakeSocket.latest().sent).toEqual([{ action: "subscribe", topic: "conversations" }]);
    expect([FakeSocket.all.length, gaps()]).toEqual([2, 2]);
  });

  test("catches up when the server tells that it missed something", async () => {
    const { heard, gaps } = await openSocket();
    FakeSocket.latest().deliver({ type: "gap" });
    expect([heard, gaps()]).toEqual([[], 2]);
  });

  test("waits longer after each failure, up to half a minute", async () => {
    const times: number[] = [];
    aSocket({
      fetchTicket: async () => {
        times.push(Date.now());
        throw new Error("down");
      },
    }).socket.open();
    await minutes(3);
    const waits = times.slice(1).map((time, i) => (time - (times[i] ?? 0)) / 1000);
    expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  test("comes back no sooner than a server in trouble asked", async () => {
    const times: number[] = [];
    aSocket({
      fetchTicket: async () => {
        times.push(Date.now());
        throw new Problem(503, { retry_after: 20 });
      },
    }).socket.open();
    await minutes(1);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(21_000);
  });

  test("hands frames over and keeps pongs, rubbish and problems apart", async () => {
    const problems: unknown[] = [];
    const { heard } = await openSocket({ onProblem: (problem) => problems.push(problem) });
    const frame = { type: "typing", id: "evt_1", data: {} };
    for (const data of ['{"type":"pong"}', "not json", "7"])
      FakeSocket.latest().onmessage?.({ data });
    FakeSocket.latest().deliver(frame);
    FakeSocket.latest().deliver({ type: "problem", code: "topic.forbidden" });
    expect([heard, problems]).toEqual([[frame], [{ type: "problem", code: "topic.forbidden" }]]);
  });

  test("pings before ten idle minutes pass and stays when it is answered", async () => {
    await openSocket();
    await minutes(8.3);
    expect(actions()).toEqual(["ping"]);
    FakeSocket.latest().deliver({ type: "pong" });
    await minutes(1);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test("replaces a connection that doesn't answer a ping", async () => {
    const { gaps } = await openSocket();
    await minutes(8.3);
    await vi.advanceTimersByTimeAsync(8_000);
    FakeSocket.latest().accept();
    expect([FakeSocket.all.length, gaps()]).toEqual([2, 2]);
  });

  test("asks whether anybody is there when the page comes back to the front", async () => {
    await openSocket();
    page.hide();
    await minutes(1);
    page.show();
    expect(actions()).toEqual(["ping"]);
  });

  test("asks after the machine slept", async () => {
    await openSocket();
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(actions()).toEqual(["ping"]);
  });

  test("goes on telling presence and asking for an answer when the clock is set back", async () => {
    const presence = () => ({ page: { url: "/a", title: "A" }, state: "active" as const });
    await openSocket({ presence, presenceSeconds: 60 });
    vi.setSystemTime(Date.now() - 5 * 3_600_000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(actions()).toEqual(["presence", "ping", "presence"]);
  });

  test("rests while the browser is offline and connects at once when it is back", async () => {
    const { states } = await openSocket();
    page.goOffline();
    await minutes(10);
    expect([states.at(-1), FakeSocket.all.length]).toEqual(["offline", 1]);
    page.goOnline();
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.latest().accept();
    expect([states.at(-1), FakeSocket.all.length]).toEqual(["open", 2]);
  });

  test("tells presence at connect, when touched and at its interval", async () => {
    const presence = () => ({ page: { url: "/a", title: "A" }, state: "active" as const });
    const { socket } = await openSocket({ presence, presenceSeconds: 60 });
    expect(FakeSocket.latest().sent).toEqual([{ action: "presence", ...presence() }]);
    socket.sendPresence();
    await minutes(2.1);
    expect(actions()).toEqual(["presence", "presence", "presence", "presence"]);
  });

  test("closes cleanly, for good, and ignores what the old connection still does", async () => {
    const { socket, states, heard } = await openSocket();
    const old = FakeSocket.latest();
    const late = old.onmessage;
    socket.close();
    late?.({ data: '{"type":"typing"}' });
    await minutes(5);
    expect([old.closedWith, states.at(-1), heard, FakeSocket.all.length]).toEqual([
      1000,
      "closed",
      [],
      1,
    ]);
    expect(socket.send({ action: "ping" })).toBe(false);
  });
});
