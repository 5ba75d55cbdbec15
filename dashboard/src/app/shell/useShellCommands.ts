import type { IconNode } from "lucide";
import {
  CircleCheck,
  Clock,
  Code,
  Keyboard,
  LogOut,
  MessagesSquare,
  Radio,
  Search,
  Settings,
  SunMoon,
  Undo2,
  UserRound,
  Users,
  UsersRound,
} from "lucide";
import { type Command, useCommands } from "../../core/commands";
import { setStatus } from "../../core/me";
import { m } from "../../core/messages.en";
import { theme } from "../../core/prefs";
import { navigate } from "../../core/router";
import { me, signOut } from "../../core/session";
import { undoLatest } from "../../ui/Toast";
import { openHelp } from "./Help";
import { openPalette } from "./Palette";

/** What works on every page. */
export function useShellCommands(): void {
  const { nav, groups } = m.app;
  const general = groups.general;
  const go = (path: string, label: string, icon: IconNode, keys?: string): Command => ({
    id: `go${path}`,
    label: m.app.goTo(label),
    group: groups.go,
    icon,
    ...(keys ? { keys } : {}),
    run: () => navigate(path),
  });
  useCommands([
    go("/conversations", nav.conversations, MessagesSquare, "g c"),
    go("/visitors", nav.visitors, Radio, "g v"),
    go("/contacts", nav.contacts, Users, "g o"),
    go("/settings", nav.settings, Settings, "g s"),
    go("/settings/profile", m.settings.profile.title, UserRound),
    go("/settings/team", m.settings.team.title, UsersRound),
    go("/settings/widget", m.settings.widget.title, Code),
    {
      id: "search",
      label: m.app.search,
      group: general,
      keys: "Mod-k",
      icon: Search,
      keyOnly: true,
      run: openPalette,
    },
    {
      id: "help",
      label: m.app.shortcuts,
      group: general,
      keys: "?",
      icon: Keyboard,
      run: openHelp,
    },
    {
      id: "undo",
      label: m.app.undoLatest,
      group: general,
      keys: "u",
      icon: Undo2,
      keyOnly: true,
      run: () => void undoLatest(),
    },
    {
      id: "online",
      label: m.app.becomeOnline,
      group: general,
      icon: CircleCheck,
      when: () => me.value?.status !== "online",
      run: () => setStatus("online"),
    },
    {
      id: "away",
      label: m.app.becomeAway,
      group: general,
      icon: Clock,
      when: () => me.value?.status !== "away",
      run: () => setStatus("away"),
    },
    ...(["auto", "light", "dark"] as const).map((one) => ({
      id: `theme.${one}`,
      label: m.app.toTheme(m.app.themes[one]),
      group: general,
      icon: SunMoon,
      when: () => theme.value !== one,
      run: () => {
        theme.value = one;
      },
    })),
    {
      id: "signOut",
      label: m.app.signOut,
      group: general,
      icon: LogOut,
      run: () => void signOut(),
    },
  ]);
}
