import { Search } from "lucide";
import type { NavItem } from "../../core/module";
import { match } from "../../core/paths";
import { places as names } from "../../core/places";
import { place } from "../../core/router";
import { Count } from "../../ui/Badge";
import { Icon } from "../../ui/Icon";
import { m } from "../messages";
import { navItems } from "../modules";
import { openPalette } from "./Palette";
import { PresenceSwitch } from "./PresenceSwitch";
import { ProfileMenu } from "./ProfileMenu";
import { WorkspaceMenu } from "./WorkspaceMenu";

/** Slim navigation: a column on wide screens, a bar at the thumb on narrow ones. */
export function NavRail() {
  return (
    <header class="rail">
      <div class="rail-top">
        <WorkspaceMenu />
        <button
          type="button"
          class="rail-item rail-search"
          data-tip={m.search}
          data-tip-keys="Mod-k"
          aria-label={m.search}
          onClick={openPalette}
        >
          <Icon of={Search} />
        </button>
      </div>
      <nav class="rail-nav" aria-label={m.navigation}>
        {navItems().map((one) => (
          <RailLink key={one.href} to={one} />
        ))}
      </nav>
      <div class="rail-end">
        <PresenceSwitch />
        <ProfileMenu />
      </div>
    </header>
  );
}

function RailLink({ to }: { to: NavItem }) {
  const { path } = place.value;
  const isCurrent = match(`${to.href}/:more?`, path) !== null;
  return (
    <a
      class="rail-item"
      href={to.href}
      aria-current={isCurrent ? "page" : undefined}
      data-tip={names.goTo({ place: to.label })}
      data-tip-keys={to.keys}
    >
      <Icon of={to.icon} size={18} />
      <span class="rail-label">{to.label}</span>
      {to.count && <Count {...to.count} />}
    </a>
  );
}
