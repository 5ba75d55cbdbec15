import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeSocket } from "../../protocol/tests/network.ts";
import { type HostPage, leave, load, type Setting, session } from "./page.ts";

const KEY = { key: "wk_1" };
const readStored = () => JSON.parse(localStorage.getItem("foyer:2:wk_1") ?? "{}");
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });
const sessions = (page: HostPage) =>
  page.asked.filter(({ path }) => path.endsWith("/session")).map(({ body }) => body);
const ready = (page: HostPage) =>
  eventually(() => expect(page.heard.map(([event]) => event)).toContain("ready"));

beforeEach(() => localStorage.clear());
afterEach(leave);

describe("the loader", () => {
  test("boots by its tag and remembers the visitor and the look", async () => {
    const page = await load({ data: KEY });
    await ready(page);
    expect(page.launcher().ariaLabel).toBe("Open chat");
    expect(sessions(page)).toMatchObject([{ widget_key: "wk_1", page: { url: location.href } }]);
    expect(readStored()).toMatchObject({ look: { colour: "#0e7c66", position: "left" } });
    expect(readStored().secret).toMatch(/^\d+$/);
  });

  test("doesn't boot without a key, and says so when it is asked to", async () => {
    const page = await load({ queue: [["boot"]] });
    expect(page.root()).toBeUndefined();
    expect(page.heard).toEqual([["error", { code: "key" }]]);
  });

  test("a page's own boot wins over the tag's", async () => {
    const page = await load({ data: KEY, queue: [["boot", { identity: { email: "a@b.c" } }]] });
    await ready(page);
    expect(sessions(page)).toMatchObject([{ widget_key: "wk_1", identity: { email: "a@b.c" } }]);
  });

  test("goes on when a listener of the page fails", async () => {
    const told = vi.fn();
    vi.stubGlobal("reportError", told);
    const bad = () => {
      throw new Error("theirs");
    };
    const page = await load({ data: KEY, queue: [["on", "open", bad]] });
    page.foyer("open");
    expect(told).toHaveBeenCalledOnce();
    expect(page.root().getElementById("panel")?.className).toBe("open");
  });

  test("lets go of a listener, and tells a late one that it is ready", async () => {
    const page = await load({ data: KEY });
    await ready(page);
    const late = vi.fn();
    const stop = page.foyer("on", "ready", late) as () => void;
    expect(late).toHaveBeenCalledWith({ visitor_id: `vis_${readStored().secret}` });
    const open = vi.fn();
    const deaf = page.foyer("on", "open", open) as () => void;
    stop();
    deaf();
    page.foyer("open");
    expect(open).not.toHaveBeenCalled();
  });

  test("is the same visitor on the next page", async () => {
    await ready(await load({ data: KEY }));
    const { secret } = readStored();
    leaveQuietly();
    const next = await load({ data: KEY });
    await ready(next);
    expect(sessions(next)).toMatchObject([{ visitor_secret: secret }]);
  });

  test("works in memory where the host's storage is refused", async () => {
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
    const page = await load({ data: KEY });
    await ready(page);
    expect(page.launcher().ariaLabel).toBe("Open chat");
  });
});

describe("an identity", () => {
  const settingFor = (external_id: string): Setting => ({
    data: KEY,
    queue: [["boot", { identity: { external_id } }]],
  });

  test("of somebody else never gets the last one's visitor", async () => {
    await ready(await load(settingFor("ann")));
    const { secret } = readStored();
    leaveQuietly();
    const bob = await load(settingFor("bob"));
    await ready(bob);
    expect(sessions(bob)[0]).not.toHaveProperty("visitor_secret");
    expect(readStored().secret).not.toBe(secret);
  });

  test("joins the visitor that was there before it was known", async () => {
    await ready(await load({ data: KEY }));
    const { secret } = readStored();
    leaveQuietly();
    const ann = await load(settingFor("ann"));
    await ready(ann);
    expect(sessions(ann)).toMatchObject([{ visitor_secret: secret }]);
    expect(JSON.stringify(readStored())).not.toContain("ann");
  });

  test("is read from a token to notice that it is another's", async () => {
    const token = (sub: string) => `h.${btoa(JSON.stringify({ sub }))}.s`;
    const page = await load({
      data: KEY,
      queue: [["boot", { identity: { token: token("ann") } }]],
    });
    await ready(page);
    page.foyer("update", { identity: { token: token("bob") } });
    await eventually(() => expect(sessions(page)).toHaveLength(2));
    expect(sessions(page)[1]).not.toHaveProperty("visitor_secret");
  });

  test("that is taken back forgets the visitor", async () => {
    const page = await load(settingFor("ann"));
    await ready(page);
    page.foyer("update", { identity: null });
    await eventually(() => expect(sessions(page)).toHaveLength(2));
    expect(sessions(page)[1]).not.toHaveProperty("visitor_secret");
  });
});

describe("while the chat is closed", () => {
  const message = (id: string, type = "operator") => ({
    type: "message.created",
    id: `evt_${id}`,
    data: {
      message: { id, conversation_id: "cnv_1", author: { type, id: "u", name: "Ana" }, text: "Hi" },
      conversation: { id: "cnv_1" },
    },
  });

  async function connect(setting = {}) {
    const page = await load({ data: KEY, ...setting });
    await eventually(() => expect(FakeSocket.all).toHaveLength(1));
    FakeSocket.latest().accept();
    return page;
  }

  test("a message raises the badge once, however often it is told", async () => {
    let unread = 0;
    const page = await connect({
      answer: (path: string) =>
        path.endsWith("/conversations") ? { body: { data: [{ unread }] } } : {},
    });
    await import("../src/preview/main.ts");
    unread = 1;
    for (const frame of [message("m1"), message("m1"), message("m2", "contact")]) {
      FakeSocket.latest().deliver(frame);
    }
    await eventually(() => expect(page.launcher().ariaLabel).toBe("Open chat (1 unread)"));
    await eventually(() =>
      expect(page.root().getElementById("preview")?.textContent).toContain("Hi"),
    );
    expect(page.heard.filter(([event]) => event === "message")).toHaveLength(1);
  });

  test("presence is told at once, and again when the page changes", async () => {
    await connect();
    history.pushState({}, "", "/cups");
    await eventually(() =>
      expect(FakeSocket.latest().sent).toMatchObject([
        { action: "presence", state: "active" },
        { action: "presence", page: { url: expect.stringContaining("/cups") } },
      ]),
    );
    history.pushState({}, "", "/");
  });

  test("a blinking title is told at most while the page is new", async () => {
    await connect();
    const frameCount = () => FakeSocket.latest().sent.length;
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    leaveQuietly();
    await connect();
    for (let second = 0; second < 20; second += 1) {
      document.title = `(${second}) new`;
      vi.advanceTimersByTime(1000);
    }
    vi.useRealTimers();
    expect(frameCount()).toBe(1);
  });

  test("leaving the page ends the connection cleanly, and coming back opens it again", async () => {
    await connect();
    window.dispatchEvent(new Event("pagehide"));
    expect(FakeSocket.latest().closedWith).toBe(1000);
    window.dispatchEvent(new Event("pageshow"));
    await eventually(() => expect(FakeSocket.all).toHaveLength(2));
  });

  test("nothing connects where the workspace doesn't watch presence", async () => {
    const quiet = (path: string, body: Record<string, unknown>) =>
      path.endsWith("/session")
        ? { body: { ...session(body), config: { ...session(body).config, presence: false } } }
        : {};
    await ready(await load({ data: KEY, answer: quiet }));
    expect(FakeSocket.all).toEqual([]);
  });

  test("an expired token is renewed before the next connection", async () => {
    const refusals = [{ status: 401, body: { code: "auth.expired" } }];
    const answerOnce = (path: string) => (path.endsWith("/socket-tickets") && refusals.pop()) || {};
    const page = await load({ data: KEY, answer: answerOnce });
    await eventually(() => expect(sessions(page)).toHaveLength(2));
    await eventually(() => expect(FakeSocket.all).toHaveLength(1));
  });
});

test("a refused session is told, and a passing failure is tried again", async () => {
  const refusals = [{ status: 503, body: { code: "down" } }];
  const down = (path: string) => (path.endsWith("/session") && refusals.pop()) || {};
  const page = await load({ data: KEY, answer: down });
  await ready(page);
  expect(page.heard[0]).toEqual(["error", { code: "down" }]);
});

test("shutdown forgets the visitor, keeps the look and closes the connection", async () => {
  const page = await load({ data: KEY });
  await ready(page);
  await eventually(() => expect(FakeSocket.all).toHaveLength(1));
  FakeSocket.latest().accept();
  page.foyer("shutdown");
  expect(Object.keys(readStored())).toEqual(["look"]);
  expect(FakeSocket.latest().closedWith).toBe(1000);
});

/** As the browser leaves a page: nothing is forgotten. */
function leaveQuietly() {
  const kept = localStorage.getItem("foyer:2:wk_1") as string;
  leave();
  localStorage.setItem("foyer:2:wk_1", kept);
}
