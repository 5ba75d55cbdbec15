/** What the page gives, made safe to use: what can't be is left out and named. */

import { toWellFormed } from "@foyer/protocol/text";
import type { ErrorCode, Options, Shell } from "../shared/shell.ts";
import { canonicalLocale } from "./languages.ts";

export type Warn = (code: ErrorCode, field: string, message: string) => void;

const DEEPEST = 12;
/** Values in all: a page that hands over its whole store means something else. */
const MOST = 2000;

const RULES: { [Name in keyof Options]?: (value: string) => unknown } = {
  colour: (value) => CSS.supports("color", value),
  position: (value) => /^(left|right)$/.test(value),
  theme: (value) => /^(auto|light|dark)$/.test(value),
  locale: (value) => canonicalLocale(value) || /^(C|POSIX|)$/.test(value),
  open_selector: isSelector,
};

/** Tells each thing once: to the page, and to whoever looks into its console. */
export function createWarner({ emit }: Shell): Warn {
  const reported = new Set<string>();
  return (code, field, message) => {
    const what = `${field} ${message}`;
    if (reported.has(what)) return;
    reported.add(what);
    // biome-ignore lint/suspicious/noConsole: for the host's developers, whose mistake it is
    console.warn(`Foyer ignores ${what}`);
    emit("error", { code, field, message });
  };
}

/** Takes out of `options` whatever of `changes` can't be used. */
export function sanitizeOptions(options: Options, changes: Partial<Options>, warn: Warn): void {
  for (const [name, isValid] of Object.entries(RULES) as [
    keyof typeof RULES,
    typeof isSelector,
  ][]) {
    const value = changes[name] as string | undefined;
    if (value === undefined || isValid(value)) continue;
    delete options[name];
    warn("option.ignored", name, "can't be used");
  }
  if (changes.identity) options.identity = toPlainData(changes.identity, warn) as never;
}

function isSelector(value: string): boolean {
  try {
    document.createDocumentFragment().querySelector(value);
    return true;
  } catch {
    return false;
  }
}

/** A copy of `given` that JSON can carry. Its getters and proxies are the page's own code. */
export function toPlainData(given: unknown, warn: Warn): unknown {
  const above = new Set<unknown>();
  let count = 0;

  function copy(value: unknown, path: string): unknown {
    const drop = (message: string) => warn("identity.ignored", path.slice(0, 100), message);
    count += 1;
    if (count > MOST) return count === MOST + 1 ? drop("is too much") : undefined;
    if (typeof value === "string") return toWellFormed(value);
    if (typeof value === "bigint") return `${value}`;
    if (value == null || typeof value === "boolean" || Number.isFinite(value)) return value;
    if (typeof value !== "object") return drop("can't be used");
    if (above.has(value) || above.size > DEEPEST) return drop("is too much");
    above.add(value);
    try {
      return copyFields(value, path);
    } catch {
      return drop("can't be used");
    } finally {
      above.delete(value);
    }
  }

  function copyFields(value: object, path: string): unknown {
    const { toJSON } = value as { toJSON?: () => unknown };
    if (typeof toJSON === "function") return copy(toJSON.call(value), path);
    if (Array.isArray(value)) return value.map((each, i) => copy(each, `${path}.${i}`) ?? null);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const name = toWellFormed(key);
      let each: unknown = isSelector;
      try {
        each = value[key as never];
      } catch {
        // A getter that fails: named below, for a function is nothing to keep.
      }
      const kept = copy(each, `${path}.${name}`);
      if (kept !== undefined) result[name] = kept;
    }
    return result;
  }

  return copy(given, "identity");
}
