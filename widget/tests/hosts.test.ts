/** Pages that call and give what nobody expects. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type HostPage, leave, load, session } from "./page.ts";

const KEY = { key: "wk_1" };
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });
const sessions = (page: HostPage) =>
  page.asked.filter(({ path }) => path.endsWith("/session")).map(({ body }) => body);
const errors = (page: HostPage) =>
  page.heard
    .filter(([event]) => event === "error")
    .map(([, detail]) => detail as { code: string; field?: string });
const ready = (page: HostPage) =>
  eventually(() => expect(page.heard.map(([event]) => event)).toContain("ready"));

const throwing = (name: string) =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error("theirs");
    },
  });
const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error("theirs");
    },
    ownKeys() {
      throw new Error("theirs");
    },
  },
);
const cyclic: Record<string, unknown> = { name: "Ann" };
cyclic.self = cyclic;

beforeEach(() => {
  localStorage.clear();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(leave);

describe("no call fails in the page's own code", () => {
  const odd = [undefined, null, 0, NaN, 7n, "", "x", true, Symbol("s"), [], {}, () => 1, hostile];
  const commands = [
    "boot",
    "update",
    "open",
    "close",
    "toggle",
    "showNewMessage",
    "on",
    "shutdown",
  ];
  const strange = ["constructor", "__proto__", "toString", "", "explode", ...odd];

  test.each(["before it is booted", "while it runs", "after a shutdown"])("%s", async (when) => {
    const page = await load(when === "before it is booted" ? {} : { data: KEY });
    if (when === "while it runs") await ready(page);
    if (when === "after a shutdown") page.foyer("shutdown");
    for (const command of [...commands, ...strange]) {
      for (const value of odd) {
        for (const other of odd) {
          expect(() => page.foyer(command as string, value, other)).not.toThrow();
        }
      }
    }
    expect(errors(page).length).toBeGreaterThan(0);
    for (const { code } of errors(page) as { code: unknown }[]) expect(code).toMatch(/^[a-z_.]+$/);
  });

  test("nor does a queue that is none, or holds none", async () => {
    for (const queue of ["boot", 7, [null, 7, {}, [], ["boot"], ["explode"]], hostile]) {
      const page = await load({ data: KEY, queue: queue as never });
      await eventually(() => expect(sessions(page)).toHaveLength(1));
      leave();
    }
  });

  test("`on` always answers a function, and its listener's failure stays the listener's", async () => {
    const told = vi.fn();
    vi.stubGlobal("reportError", told);
    const page = await load({ data: KEY });
    await ready(page);
    for (const listener of [undefined, null, "x", {}]) {
      expect((page.foyer("on", "open", listener) as () => void)()).not.toBe(true);
    }
    const bad = () => {
      throw new Error("theirs");
    };
    expect(page.foyer("on", "ready", bad)).toBeTypeOf("function");
    expect(told).toHaveBeenCalledOnce();
  });
});

describe("an option that can't be used", () => {
  test.each([
    [{ colour: 42 }, "colour"],
    [{ position: "top" }, "position"],
    [{ theme: "night" }, "theme"],
    [{ launcher_hidden: "yes" }, "launcher_hidden"],
    [{ open_selector: ">>>" }, "open_selector"],
    [{ locale: "english, please" }, "locale"],
    [{ locale: 1 }, "locale"],
    [{ identity: "ann" }, "identity"],
    ["a getter that fails", "identity"],
  ])("is left out and named: %j", async (given, field) => {
    const option = typeof given === "string" ? throwing(field) : given;
    const page = await load({ data: KEY, queue: [["boot", option]] });
    await ready(page);
    expect(errors(page)).toMatchObject([{ code: "option.ignored", field }]);
    expect(page.launcher().hidden).toBe(false);
  });

  test("of the tag's neither", async () => {
    const page = await load({ data: { ...KEY, locale: "??", openSelector: ">>>" } });
    await ready(page);
    expect(
      errors(page)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(["locale", "open_selector"]);
    expect(sessions(page)).toMatchObject([{ locale: "en-US" }]);
  });
});

describe("an identity", () => {
  const bootWith = async (identity: unknown) => {
    const page = await load({ data: KEY, queue: [["boot", { identity }]] });
    await ready(page);
    return {
      page,
      identity: sessions(page)[0]?.identity,
      fields: errors(page).map((e) => e.field),
    };
  };

  test("with a number for an id starts, and is the same somebody as its digits", async () => {
    const { page, identity } = await bootWith({ external_id: 42 });
    expect(identity).toEqual({ external_id: 42 });
    const { secret } = JSON.parse(localStorage.getItem("foyer:2:wk_1") as string);
    expect(() => page.foyer("update", { identity: { external_id: "42" } })).not.toThrow();
    await eventually(() => expect(sessions(page)).toHaveLength(2));
    expect(sessions(page)[1]).toMatchObject({ visitor_secret: secret });
    page.foyer("update", { identity: { external_id: 43 } });
    await eventually(() => expect(sessions(page)).toHaveLength(3));
    expect(sessions(page)[2]).not.toHaveProperty("visitor_secret");
  });

  test("keeps what JSON can say and names the rest", async () => {
    const { identity, fields } = await bootWith({
      external_id: 7n,
      name: "Ann\ud83d",
      custom: {
        plan: "gold",
        since: new Date(0),
        seats: Number.NaN,
        call: () => 1,
        mark: Symbol("s"),
        nothing: undefined,
        list: [1, () => 1],
        cyclic,
        hostile,
        ...{ "ke\ud83dy": 1 },
      },
      email: null,
    });
    expect(identity).toEqual({
      external_id: "7",
      name: "Ann\ufffd",
      custom: {
        plan: "gold",
        since: "1970-01-01T00:00:00.000Z",
        list: [1, null],
        cyclic: { name: "Ann" },
        "ke\ufffdy": 1,
      },
      email: null,
    });
    expect(fields.sort()).toEqual([
      "identity.custom.call",
      "identity.custom.cyclic.self",
      "identity.custom.hostile",
      "identity.custom.list.1",
      "identity.custom.mark",
      "identity.custom.seats",
    ]);
  });

  test("whose getters fail loses those fields alone", async () => {
    const { identity, fields } = await bootWith(Object.assign(throwing("email"), { name: "Ann" }));
    expect([identity, fields]).toEqual([{ name: "Ann" }, ["identity.email"]]);
  });

  test("as big as a store is bounded", async () => {
    const wide = Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => ["x"]));
    const { identity } = await bootWith({ custom: { wide } });
    expect(JSON.stringify(identity).length).toBeLessThan(20_000);
  });

  test.each([
    { token: 42 },
    { token: "a.b.c" },
    { token: {} },
    { token: `a.${btoa("null")}.c` },
    [],
  ])("%j doesn't break the guest", async (identity) => {
    await bootWith(identity);
  });

  test("is told once what the server left out", async () => {
    const ignored = [{ field: "identity.phone", message: "is not a phone number" }];
    const answer = (path: string, body: Record<string, unknown>) =>
      path.endsWith("/session") ? { body: session(body, { ignored }) } : {};
    const page = await load({ data: KEY, answer });
    await ready(page);
    page.foyer("update", { identity: { name: "Ann" } });
    await eventually(() => expect(sessions(page)).toHaveLength(2));
    await eventually(() =>
      expect(errors(page)).toEqual([{ code: "identity.ignored", ...ignored[0] }]),
    );
  });

  test("that is refused is told with its code and its field", async () => {
    const refused = {
      status: 422,
      body: {
        code: "identity.invalid",
        detail: "identity.email: is not an e-mail address",
        errors: [{ field: "identity.email", message: "is not an e-mail address" }],
      },
    };
    const page = await load({
      data: KEY,
      answer: (path: string) => (path.endsWith("/session") ? refused : {}),
    });
    await eventually(() =>
      expect(errors(page)).toMatchObject([{ code: "identity.invalid", field: "identity.email" }]),
    );
  });
});
