import { describe, expect, test } from "vitest";
import { createHttp, type HttpOptions, Problem } from "../src/http.ts";

type Answer = Response | Error;

function aServer(answers: Answer[], options: HttpOptions = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  const http = createHttp({
    base: "https://foyer.example",
    random: () => 0,
    fetch: async (url, init) => {
      requests.push({ url: String(url), init: init ?? {} });
      const answer = answers.shift();
      if (!answer) throw new Error("asked too often");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  return { http, requests };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const header = (init: RequestInit | undefined, name: string) =>
  (init?.headers as Record<string, string> | undefined)?.[name];
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("no problem"),
    (problem: Problem) => problem,
  );

describe("a request", () => {
  test("carries query, body, token, key and version", async () => {
    const { http, requests } = aServer([json(200, { ok: true })], { token: () => "t" });
    const answer = await http.request("PATCH", "/v1/me", {
      query: { a: "ü&", skipped: null },
      body: { name: "Lin" },
      idempotencyKey: "k",
      ifMatch: 3,
    });
    const [{ url, init } = { url: "", init: {} }] = requests;
    expect(answer).toEqual({ ok: true });
    expect(url).toBe("https://foyer.example/v1/me?a=%C3%BC%26");
    expect(init).toMatchObject({ method: "PATCH", body: '{"name":"Lin"}' });
    expect(init.headers).toEqual({
      "Content-Type": "application/json",
      Authorization: "Bearer t",
      "Idempotency-Key": "k",
      "If-Match": '"3"',
    });
  });

  test("answers undefined for 204", async () => {
    const { http } = aServer([new Response(null, { status: 204 })]);
    expect(await http.delete("/v1/x")).toBeUndefined();
  });

  test("turns problem+json into a Problem", async () => {
    const body = {
      code: "values.bad",
      detail: "No.",
      errors: [{ field: "text", message: "empty" }],
    };
    const { http } = aServer([json(422, { ...body, request_id: "r1" })]);
    const problem = await caught(http.post("/v1/x", {}));
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 422, ...body, requestId: "r1", isTransient: false });
  });

  test("is repeated after a network error, a 429 and a 5xx when it may be", async () => {
    const answers = () => [
      new TypeError("down"),
      json(429, {}, { "Retry-After": "0" }),
      json(200, 1),
    ];
    expect(await aServer(answers()).http.get("/v1/x")).toBe(1);
    expect(await aServer(answers()).http.post("/v1/x", {}, { idempotencyKey: "k" })).toBe(1);
    expect(await aServer(answers()).http.post("/v1/x", {}, { idempotent: true })).toBe(1);
    expect(await aServer([json(503, {}), json(200, 2)]).http.get("/v1/x")).toBe(2);
  });

  test("is never repeated when it isn't idempotent, nor after a refusal", async () => {
    const write = aServer([json(500, {})]);
    expect((await caught(write.http.post("/v1/x", {}))).status).toBe(500);
    const read = aServer([json(404, {})]);
    expect((await caught(read.http.get("/v1/x"))).status).toBe(404);
    expect([write.requests.length, read.requests.length]).toEqual([1, 1]);
  });

  test("is repeated when the server surely did nothing, and a change that may be made twice", async () => {
    const busy = () => [json(503, { code: "server.busy", retry_after: 0 }), json(200, 1)];
    const failOnce = () => [
      json(503, { code: "server.unavailable", retry_after: 0 }),
      json(200, 1),
    ];
    expect(await aServer(busy()).http.post("/v1/x", {})).toBe(1);
    expect(await aServer(failOnce()).http.patch("/v1/x", {})).toBe(1);
    const write = aServer(failOnce());
    expect(await caught(write.http.post("/v1/x", {}))).toMatchObject({ isTransient: true });
    const based = aServer(failOnce());
    await caught(based.http.patch("/v1/x", {}, { ifMatch: 1 }));
    expect([write.requests.length, based.requests.length]).toEqual([1, 1]);
  });

  test("waits for the answer of its own first try, where that still runs", async () => {
    const answers = [json(409, { code: "idempotency.in_progress", retry_after: 0 }), json(201, 1)];
    expect(await aServer(answers).http.post("/v1/x", {}, { idempotencyKey: "k" })).toBe(1);
    const refused = aServer([json(409, { code: "idempotency.mismatch" })]);
    const problem = await caught(refused.http.post("/v1/x", {}, { idempotencyKey: "k" }));
    expect(problem.isTransient).toBe(false);
  });

  test("knows from a number, a date or the body how long to wait", async () => {
    const readRetryAfter = async (body: unknown, headers: Record<string, string>) =>
      (await caught(aServer([json(503, body, headers)]).http.post("/v1/x", {}))).retryAfter;
    const soon = new Date(Date.now() + 90_000).toUTCString();
    const past = new Date(0).toUTCString();
    expect(await readRetryAfter({}, { "Retry-After": "7" })).toBe(7);
    expect(await readRetryAfter({}, { "Retry-After": soon })).toBeGreaterThan(80);
    expect(await readRetryAfter({}, { "Retry-After": past })).toBe(0);
    expect(await readRetryAfter({}, { "Retry-After": "soon" })).toBeNull();
    expect(await readRetryAfter({ retry_after: 4 }, {})).toBe(4);
    expect(await readRetryAfter({}, {})).toBeNull();
  });

  test("gives a long Retry-After to the caller instead of waiting", async () => {
    const { http } = aServer([json(429, {}, { "Retry-After": "600" })]);
    expect(await caught(http.get("/v1/x"))).toMatchObject({ status: 429, retryAfter: 600 });
  });

  test("is told of at once to whoever doesn't want to wait", async () => {
    const { http, requests } = aServer([json(429, {}, { "Retry-After": "1" }), json(200, {})]);
    const refused = await caught(http.post("/v1/x", {}, { failFast: true }));
    expect(refused).toMatchObject({ status: 429, retryAfter: 1 });
    expect(requests).toHaveLength(1);
  });

  test("gives up after its time limit, and at once when it is aborted", async () => {
    const hang: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      });
    const http = createHttp({ base: "https://x", fetch: hang, timeout: 5, retries: 0 });
    expect((await caught(http.get("/v1/x"))).code).toBe("timeout");
    const control = new AbortController();
    const waiting = caught(http.get("/v1/x", {}, { signal: control.signal, timeout: 5000 }));
    control.abort();
    expect(await waiting).toMatchObject({ code: "aborted", isTransient: false });
  });
});

describe("an expired token", () => {
  test("is renewed once for all requests that it fails, which then succeed", async () => {
    let token = "old";
    let renewals = 0;
    const http = createHttp({
      base: "https://x",
      token: () => token,
      refresh: async () => {
        renewals += 1;
        await Promise.resolve();
        token = "new";
        return true;
      },
      fetch: async (_, init) =>
        header(init, "Authorization") === "Bearer new" ? json(200, 1) : json(401, {}),
    });
    expect(await Promise.all([http.get("/a"), http.get("/b"), http.post("/c")])).toEqual([1, 1, 1]);
    expect(renewals).toBe(1);
  });

  test("that can't be renewed leaves the 401", async () => {
    const { http, requests } = aServer([json(401, { code: "auth.expired" })], {
      token: () => "old",
      refresh: async () => {
        throw new Error("gone");
      },
    });
    expect((await caught(http.get("/v1/x"))).code).toBe("auth.expired");
    expect(requests).toHaveLength(1);
  });
});
