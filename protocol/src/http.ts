/** A small fetch client for the HTTP interface: credentials, problems, time limits, retries. */

import { fullJitter, retryAfterSeconds } from "./backoff.ts";
import { toJson } from "./text.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
export type Query = Record<string, string | number | boolean | null | undefined>;

export interface FieldProblem {
  field: string;
  message: string;
}

/** problem+json, where the server sent it. */
export interface ProblemBody {
  title?: string;
  detail?: string;
  code?: string;
  errors?: FieldProblem[];
  request_id?: string | null;
  retry_after?: number;
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

  constructor(status: number, body: ProblemBody = {}, retryAfter: number | null = null) {
    const { title, detail, code = `http.${status}`, errors = [], request_id = null } = body;
    super(detail || title || code);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = this.message;
    this.errors = errors;
    this.requestId = request_id;
    this.retryAfter = retryAfter ?? body.retry_after ?? null;
  }

  /** Whether the same request may succeed later: no answer, too busy, or the server's fault. */
  get isTransient(): boolean {
    return (
      this.code !== "aborted" &&
      (this.status === 0 ||
        this.status === 408 ||
        this.status === 429 ||
        this.status >= 500 ||
        this.code === "idempotency.in_progress")
    );
  }

  /** Passing, and surely not done: asking again can't do it twice. */
  get isUnprocessed(): boolean {
    return this.status === 429 || this.code === "server.busy";
  }
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
  /** The caller is told of a wait, instead of it being waited for. */
  failFast?: boolean;
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
    const limit = AbortSignal.timeout(options.timeout ?? timeout);
    const outer = options.signal;
    try {
      const response = await doFetch(url, {
        method,
        headers: headersOf(options, bearer),
        body: options.body === undefined ? null : toJson(options.body),
        signal: outer ? AbortSignal.any([outer, limit]) : limit,
      });
      return await readResponse(response);
    } catch (error) {
      if (error instanceof Problem) throw error;
      const code = outer?.aborted ? "aborted" : limit.aborted ? "timeout" : "network";
      throw new Problem(0, { code });
    }
  }

  async function requestWithToken(method: Method, url: string, options: RequestOptions) {
    if (options.anonymous) return attempt(method, url, options);
    const usedToken = token();
    try {
      return await attempt(method, url, options, usedToken);
    } catch (error) {
      if (!refresh || !(error instanceof Problem) || error.status !== 401) throw error;
      const isRenewed = token() !== usedToken || (await renew());
      if (!isRenewed) throw error;
      return attempt(method, url, options, token());
    }
  }

  async function request<T>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<T> {
    const url = base + path + queryString(options.query);
    const isRepeatable =
      method === "GET" ||
      (method === "PATCH" && options.ifMatch === undefined) ||
      !!options.idempotent ||
      options.idempotencyKey !== undefined;
    for (let attempts = 0; ; attempts += 1) {
      try {
        return (await requestWithToken(method, url, options)) as T;
      } catch (error) {
        const mayRepeat = isRepeatable || (error instanceof Problem && error.isUnprocessed);
        const mayRetry = mayRepeat && !options.failFast;
        const wait = mayRetry && attempts < retries ? retryDelay(error, attempts, random) : null;
        if (wait === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
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
  const entries = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return entries.length ? `?${new URLSearchParams(entries.map(([k, v]) => [k, String(v)]))}` : "";
}

async function readResponse(response: Response): Promise<unknown> {
  const { ok, status, headers } = response;
  const body = await response.text();
  let parsed: unknown;
  try {
    parsed = body ? JSON.parse(body) : undefined;
  } catch {
    if (ok) throw new Problem(502, { code: "answer.unreadable" });
  }
  if (ok) return parsed;
  throw new Problem(status, Object(parsed), retryAfterSeconds(headers.get("Retry-After")));
}

function retryDelay(error: unknown, attempts: number, random: () => number): number | null {
  if (!(error instanceof Problem) || !error.isTransient) return null;
  const retryAfter = error.retryAfter ?? 0;
  return retryAfter > LONGEST_RETRY_AFTER
    ? null
    : retryAfter * 1000 + fullJitter(attempts, RETRY, random);
}
