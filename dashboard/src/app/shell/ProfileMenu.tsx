import { Keyboard, LogOut } from "lucide";
import { setStatus } from "../../core/me";
import { common } from "../../core/messages";
import { theme } from "../../core/prefs";
import { me, signOut } from "../../core/session";
import { Avatar } from "../../ui/Avatar";
import { Menu, type MenuEntry } from "../../ui/Menu";
import { m } from "../messages";
import { openHelp } from "./Help";
import { menuLinks } from "./menuLinks";

/** Presence, appearance, one's own settings, and the way out. */
export function ProfileMenu() {
  const user = me.value;
  if (!user) return null;
  const presenceLabel = user.status === "online" ? common.online : common.away;
  const entries = (): MenuEntry[] => [
    { heading: user.email },
    { label: common.online, checked: user.status === "online", run: () => setStatus("online") },
    { label: common.away, checked: user.status === "away", run: () => setStatus("away") },
    "separator",
    { heading: m.theme },
    ...(["auto", "light", "dark"] as const).map((one) => ({
      label: common.themes[one],
      checked: theme.value === one,
      run: () => {
        theme.value = one;
      },
    })),
    "separator",
    ...menuLinks("profile"),
    { label: m.shortcuts, icon: Keyboard, keys: "?", run: openHelp },
    { label: m.signOut, icon: LogOut, run: () => void signOut() },
  ];
  return (
    <Menu
      label={m.profileMenu({ name: user.name })}
      side="beside-end"
      entries={entries}
      trigger={(attributes) => (
        <button
          type="button"
          class="rail-item rail-me"
          aria-label={`${m.profileMenu({ name: user.name })}, ${presenceLabel}`}
          data-tip={`${user.name} · ${presenceLabel}`}
          {...attributes}
        >
          <Avatar
            name={user.name}
            id={user.id}
            presence={user.status}
            presenceLabel={presenceLabel}
          />
        </button>
      )}
    />
  );
}
