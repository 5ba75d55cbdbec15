/**
 * What a module of the dashboard gives the shell, in two files. `parts.ts` says what is fetched for
 * which address: it runs before anything else does, so that all of it is asked for at once.
 * `module.ts`, the manifest, is there from the first page on. Screens, folds and whatever else weighs
 * something are fetched late, by `import()`. Texts are read by functions, each time that something is
 * drawn.
 */

import type { Query } from "@foyer/protocol";
import type { IconNode } from "lucide";
import type { ComponentType } from "preact";
import type { PaletteItem } from "../ui/CommandPalette";
import type { Command } from "./commands";
import type { Place } from "./paths";
import type { PlaceName } from "./places";

/** What is fetched of a module, and when. The file imports nothing that weighs anything. */
export interface Parts {
  /** Of all modules', the first one is where one begins. */
  routes: readonly Route[];
  /** The catalogues of its screens, to be fetched beside them. */
  messages?: readonly string[];
  /** What a page shows first, to be asked for beside its screen, which takes it (`fetchAnswer`). */
  answers?: (place: Place) => readonly Get[];
  /** What goes on for as long as somebody is signed in. */
  start?: () => Promise<{ default: Start }>;
}

/** A GET of ours. */
export interface Get {
  path: string;
  query?: Query;
}

export interface Module {
  /** Its places in the navigation. */
  nav?: () => readonly NavItem[];
  /** Its further places, in the menu of the workspace or one's own. */
  menus?: () => readonly MenuLink[];
  /** What can be done on every page, beside going to the places of `nav`. */
  commands?: () => readonly Command[];
  palette?: () => Promise<{ default: PaletteSource }>;
  banner?: Banner;
}

/** Begin; answers how to stop. */
export type Start = () => () => void;

export interface NavItem {
  href: string;
  label: string;
  icon: IconNode;
  /** Two strokes that lead there. */
  keys: string;
  /** What waits there for somebody; the tab's title has it too. */
  count?: { value: number; label: string };
}

export interface MenuLink {
  menu: "workspace" | "profile";
  href: string;
  label: string;
  icon?: IconNode;
}

/** What a route's pattern may ask for: of an entity's page, its id; of settings', the section. */
export interface Params {
  id?: string;
  section?: string;
  token?: string;
}

export interface Route {
  /** As `match` reads it: `/contacts/:id?`. */
  pattern: string;
  /** The page's name in the tab's title. Those who aren't signed in see what a page says itself. */
  title?: PlaceName;
  load: () => Promise<{ default: ComponentType<Params> }>;
  /** Who may be there; operators who are signed in when left out. `guest`s leave it by signing in. */
  access?: "anybody" | "guest";
}

/** What the command palette finds beside commands. */
export interface PaletteSource {
  /** What is here already. */
  items?: () => readonly PaletteItem[];
  /** What is looked for further away, by what was typed. */
  search?: (query: string, signal: AbortSignal) => Promise<readonly PaletteItem[]>;
}

/** A line above every page. */
export interface Banner {
  when: () => boolean;
  load: () => Promise<{ default: ComponentType }>;
}
