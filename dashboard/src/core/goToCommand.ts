import type { IconNode } from "lucide";
import type { Command } from "./commands";
import { common } from "./messages";
import { places } from "./places";
import { navigate } from "./router";

/** The command that leads to a place. */
export function goToCommand(href: string, label: string, icon: IconNode, keys?: string): Command {
  return {
    id: `go${href}`,
    label: places.goTo({ place: label }),
    group: common.groups.go,
    icon,
    ...(keys ? { keys } : {}),
    run: () => navigate(href),
  };
}
