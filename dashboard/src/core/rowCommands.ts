import { common } from "../core/messages";
import { stepRow } from "../ui/Table";
import type { Command } from "./commands";

/** j and k through the rows of a page's table, as through the conversations. */
export function rowCommands(next: string, previous: string): Command[] {
  const move = (label: string, keys: string, by: 1 | -1): Command => ({
    id: `row.${keys}`,
    label,
    keys,
    group: common.groups.list,
    keyOnly: true,
    run: () => stepRow(by),
  });
  return [move(next, "j", 1), move(previous, "k", -1)];
}
