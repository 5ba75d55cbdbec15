import { Code, Settings, UserRound, UsersRound } from "lucide";
import { goToCommand } from "../core/goToCommand";
import type { Module } from "../core/module";
import { places } from "../core/places";

export const settings: Module = {
  nav: () => [{ href: "/settings", label: places.settings, icon: Settings, keys: "g s" }],
  menus: () => [
    { menu: "workspace", href: "/settings", label: places.settings },
    { menu: "profile", href: "/settings/profile", label: places.yourProfile, icon: UserRound },
  ],
  commands: () => [
    goToCommand("/settings/profile", places.profile, UserRound),
    goToCommand("/settings/team", places.team, UsersRound),
    goToCommand("/settings/widget", places.widget, Code),
  ],
};
