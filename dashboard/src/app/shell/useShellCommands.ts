import { CircleCheck, Clock, Keyboard, LogOut, Search, SunMoon, Undo2 } from "lucide";
import { useCommands } from "../../core/commands";
import { goToCommand } from "../../core/goToCommand";
import { setStatus } from "../../core/me";
import { common } from "../../core/messages";
import { theme } from "../../core/prefs";
import { me, signOut } from "../../core/session";
import { hasUndo, undoLatest } from "../../ui/Toast";
import { m } from "../messages";
import { modules, navItems } from "../modules";
import { openHelp } from "./Help";
import { openPalette } from "./Palette";

/** What works on every page. */
export function useShellCommands(): void {
  const general = common.groups.general;
  useCommands([
    ...navItems().map(({ href, label, icon, keys }) => goToCommand(href, label, icon, keys)),
    ...modules.flatMap((module) => module.commands?.() ?? []),
    {
      id: "search",
      label: m.search,
      group: general,
      keys: "Mod-k",
      icon: Search,
      keyOnly: true,
      run: openPalette,
    },
    {
      id: "help",
      label: m.shortcuts,
      group: general,
      keys: "?",
      icon: Keyboard,
      run: openHelp,
    },
    {
      id: "undo",
      label: m.undoLatest,
      group: general,
      keys: "u",
      icon: Undo2,
      keyOnly: true,
      run: () => void undoLatest(),
    },
    {
      id: "undo.chord",
      label: m.undoLatest,
      group: general,
      keys: "Mod-z",
      icon: Undo2,
      keyOnly: true,
      when: () => hasUndo() && !hasOwnUndo(document.activeElement),
      run: () => void undoLatest(),
    },
    {
      id: "online",
      label: m.becomeOnline,
      group: general,
      icon: CircleCheck,
      when: () => me.value?.status !== "online",
      run: () => setStatus("online"),
    },
    {
      id: "away",
      label: m.becomeAway,
      group: general,
      icon: Clock,
      when: () => me.value?.status !== "away",
      run: () => setStatus("away"),
    },
    ...(["auto", "light", "dark"] as const).map((one) => ({
      id: `theme.${one}`,
      label: m.toTheme({ theme: common.themes[one] }),
      group: general,
      icon: SunMoon,
      when: () => theme.value !== one,
      run: () => {
        theme.value = one;
      },
    })),
    {
      id: "signOut",
      label: m.signOut,
      group: general,
      icon: LogOut,
      run: () => void signOut(),
    },
  ]);
}

/** What is being written is taken back by its own field; an empty one has nothing to take back. */
function hasOwnUndo(element: Element | null): boolean {
  return element?.matches("input, textarea")
    ? (element as HTMLInputElement).value !== ""
    : (element as HTMLElement | null)?.isContentEditable === true;
}
