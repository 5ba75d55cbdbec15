import type { MenuLink } from "../../core/module";
import { navigate } from "../../core/router";
import type { MenuAction } from "../../ui/Menu";
import { modules } from "../modules";

/** The lines of a menu that lead to modules' pages. */
export function menuLinks(menu: MenuLink["menu"]): MenuAction[] {
  return modules
    .flatMap((module) => module.menus?.() ?? [])
    .filter((one) => one.menu === menu)
    .map(({ label, icon, href }) => ({ label, icon, run: () => navigate(href) }));
}
