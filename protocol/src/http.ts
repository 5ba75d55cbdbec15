/** A small fetch client for the HTTP interface: credentials, problems, time limits, retries. */

import { fullJitter } from "./backoff.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
export type Query = Record<string, string | number | boolean | null | undefined>;

export interface FieldProblem {
  field: string;
  message: string;
}

/**
 * What went wrong with a request, from problem+json (RFC 9457) where the server sent it.
 *
 * `status` 0 means that no answer came: `code` is then `network`, `timeout` or `aborted`.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | null;
  /** Seconds to wait before trying again, where the server said so. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    body: Record<string, unknown> = {},
    retryAfter: number | null = null,
  ) {
    const title = text(body.title) || text(body.code) || `HTTP ${status}`;
    super(text(body.detail) || title);
    this.name = "Problem";
    this.status = status;
    this.code = text(body.code) || `http.${status}`;
    this.detail = text(body.detail) || title;
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [];
    this.requestId = text(body.request_id) || null;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later: no answer, too busy, or the server's fault. */
  get passing(): boolean {
    return (
      this.code !== "aborted" &&
      (this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500)
    );
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export interface HttpOptions {
  /** Origin of the server without a trailing slash; "" is the page's own. */
  base?: string;
  /** The current bearer token; null sends none. */
  token?: () => string | null | undefined;
  /**
   * Renews the token after a 401; false (or a rejection) means that the credential is gone.
   * Requests that fail together share one call.
   */
  refresh?: () => Promise<boolean>;
  /** Time limit of one try, ms. */
  timeout?: number;
  /** Further tries after the first, for requests that may be repeated. */
  retries?: number;
  fetch?: typeof fetch;
  random?: () => number;
}

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  /** `Idempotency-Key`; makes a write repeatable. */
  idempotencyKey?: string;
  /** The request may be repeated because its body carries a `client_id`. */
  idempotent?: boolean;
  /** The `version` that the change is based on; 412 when it is stale. */
  ifMatch?: number;
  /** Neither sends the token nor renews it. */
  anonymous?: boolean;
  signal?: AbortSignal;
  timeout?: number;
  /** Lets the request outlive the page (body under 64 kB). */
  keepalive?: boolean;
}

export interface Http {
  /** Raises {@link Problem}; a 204 gives undefined. */
  request<T>(method: Method, path: string, options?: RequestOptions): Promise<T>;
  get<T>(path: string, query?: Query, options?: RequestOptions): Promise<T>;
  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>;
  delete<T>(path: string, options?: RequestOptions): Promise<T>;
}

const RETRY = { base: 400, cap: 8_000 };
/** A server that asks for a longer wait than this (s) gets its answer told to the caller instead. */
const LONGEST_RETRY_AFTER = 20;

export function createHttp({
  base = "",
  token = () => null,
  refresh,
  timeout = 15_000,
  retries = 2,
  fetch: doFetch = (...args) => fetch(...args),
  random = Math.random,
}: HttpOptions = {}): Http {
  let renewal: Promise<boolean> | null = null;

  function renew(): Promise<boolean> {
    renewal ??= (refresh as () => Promise<boolean>)()
      .catch(() => false)
      .finally(() => {
        renewal = null;
      });
    return renewal;
  }

  async function attempt(
    method: Method,
    url: string,
    options: RequestOptions,
    bearer?: string | null,
  ) {
    const control = new AbortController();
    const outer = options.signal;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      control.abort();
    }, options.timeout ?? timeout);
    const abort = () => control.abort();
    if (outer?.aborted) abort();
    outer?.addEventListener("abort", abort);
    try {
      const response = await doFetch(url, {
        method,
        headers: headersOf(options, bearer),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.keepalive ? { keepalive: true } : {}),
        signal: control.signal,
      });
      return await answerOf(response);
    } catch (error) {
      if (error instanceof Problem) throw error;
      const code = outer?.aborted ? "aborted" : late ? "timeout" : "network";
      throw new Problem(0, { code, detail: error instanceof Error ? error.message : "" });
    } finally {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    }
  }

  async function authorised(method: Method, url: string, options: RequestOptions) {
    if (options.anonymous) return attempt(method, url, options);
    const used = token();
    try {
      return await attempt(method, url, options, used);
    } catch (error) {
      if (!refresh || !(error instanceof Problem) || error.status !== 401) throw error;
      const renewed = token() !== used || (await renew());
      if (!renewed) throw error;
      return attempt(method, url, options, token());
    }
  }

  async function request<T>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<T> {
    const url = base + path + queryString(options.query);
    const repeatable =
      method === "GET" || !!options.idempotent || options.idempotencyKey !== undefined;
    for (let tried = 0; ; tried += 1) {
      try {
        return (await authorised(method, url, options)) as T;
      } catch (error) {
        const wait = repeatable && tried < retries ? waitBefore(error, tried, random) : null;
        if (wait === null) throw error;
        await pause(wait, options.signal);
      }
    }
  }

  return {
    request,
    get: (path, query, options) => request("GET", path, { ...options, ...(query && { query }) }),
    post: (path, body, options) => request("POST", path, { ...options, body }),
    patch: (path, body, options) => request("PATCH", path, { ...options, body }),
    delete: (path, options) => request("DELETE", path, options),
  };
}

function headersOf(options: RequestOptions, bearer: string | null | undefined) {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (options.idempotencyKey !== undefined) headers["Idempotency-Key"] = options.idempotencyKey;
  if (options.ifMatch !== undefined) headers["If-Match"] = `"${options.ifMatch}"`;
  return headers;
}

/** `?a=1&b=2`, or "" for none; null and undefined are left out. */
export function queryString(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}` : "";
}

async function answerOf(response: Response): Promise<unknown> {
  const body = await response.text();
  let parsed: unknown;
  try {
    parsed = body === "" ? undefined : JSON.parse(body);
  } catch {
    if (response.ok) throw new Problem(502, { code: "answer.unreadable" });
  }
  if (response.ok) return parsed;
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const problem = parsed && typeof parsed === "object" ? parsed : {};
  throw new Problem(
    response.status,
    problem as Record<string, unknown>,
    Number.isNaN(seconds) ? null : seconds,
  );
}

function waitBefore(error: unknown, tried: number, random: () => number): number | null {
  if (!(error instanceof Problem) || !error.passing) return null;
  if (error.retryAfter === null) return fullJitter(tried, RETRY, random);
  return error.retryAfter > LONGEST_RETRY_AFTER
    ? null
    : error.retryAfter * 1000 + fullJitter(tried, RETRY, random);
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Problem(0, { code: "aborted" }));
    });
  });
}
