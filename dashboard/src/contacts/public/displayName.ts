import { m } from "./messages";

/** Somebody's name; of whoever has said none, a short mark of their own. */
export function displayName({ id, name }: { id: string; name: string }): string {
  return name || m.unnamed({ mark: id.slice(-4) });
}
