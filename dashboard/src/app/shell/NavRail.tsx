import type { IconNode } from "lucide";
import { MessagesSquare, Radio, Search, Settings, Users } from "lucide";
import { unread, unreadIsFloor } from "../../conversations/store";
import { m } from "../../core/messages.en";
import { match, place } from "../../core/router";
import { Count } from "../../ui/Badge";
import { Icon } from "../../ui/Icon";
import { openPalette } from "./Palette";
import { PresenceSwitch } from "./PresenceSwitch";
import { ProfileMenu } from "./ProfileMenu";
import { WorkspaceMenu } from "./WorkspaceMenu";

interface Item {
  href: string;
  label: string;
  icon: IconNode;
  keys: string;
}

const ITEMS: readonly Item[] = [
  { href: "/conversations", label: m.app.nav.conversations, icon: MessagesSquare, keys: "g c" },
  { href: "/visitors", label: m.app.nav.visitors, icon: Radio, keys: "g v" },
  { href: "/contacts", label: m.app.nav.contacts, icon: Users, keys: "g o" },
  { href: "/settings", label: m.app.nav.settings, icon: Settings, keys: "g s" },
];

/** Slim navigation: a column on wide screens, a bar at the thumb on narrow ones. */
export function NavRail() {
  return (
    <header class="rail">
      <div class="rail-top">
        <WorkspaceMenu />
        <button
          type="button"
          class="rail-item rail-search"
          data-tip={m.app.search}
          data-tip-keys="Mod-k"
          aria-label={m.app.search}
          onClick={openPalette}
        >
          <Icon of={Search} />
        </button>
      </div>
      <nav class="rail-nav" aria-label={m.app.nav.label}>
        {ITEMS.map((item) => (
          <RailLink key={item.href} item={item} />
        ))}
      </nav>
      <div class="rail-end">
        <PresenceSwitch />
        <ProfileMenu />
      </div>
    </header>
  );
}

function RailLink({ item }: { item: Item }) {
  const { path } = place.value;
  const here = match(`${item.href}/:more?`, path) !== null;
  const count = item.href === "/conversations" ? unread.value : 0;
  return (
    <a
      class="rail-item"
      href={item.href}
      aria-current={here ? "page" : undefined}
      data-tip={m.app.goTo(item.label)}
      data-tip-keys={item.keys}
    >
      <Icon of={item.icon} size={18} />
      <span class="rail-label">{item.label}</span>
      <Count value={count} floor={unreadIsFloor.value} label={m.app.unread(count)} />
    </a>
  );
}
