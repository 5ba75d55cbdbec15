/** The modules of the dashboard, in the order of the navigation. */

import { auth } from "../auth/module";
import { contacts } from "../contacts/module";
import { conversations } from "../conversations/module";
import type { Module, NavItem } from "../core/module";
import { settings } from "../settings/module";
import { visitors } from "../visitors/module";

export const modules: readonly Module[] = [conversations, visitors, contacts, settings, auth];

/** The places of the navigation, in their order. */
export function navItems(): readonly NavItem[] {
  return modules.flatMap((module) => module.nav?.() ?? []);
}
