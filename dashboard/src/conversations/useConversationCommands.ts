/** The keys of the conversations page; the same commands stand in the palette and the help. */

import {
  AlarmClock,
  Check,
  CornerUpLeft,
  Hand,
  ListFilter,
  PanelRight,
  RotateCcw,
  SquareCheck,
  UserRound,
  UserRoundPlus,
} from "lucide";
import { type Command, useCommands } from "../core/commands";
import { common } from "../core/messages";
import { navigate } from "../core/router";
import { me } from "../core/session";
import { assign, claim, close, reopen } from "./actions";
import { focusComposer } from "./Composer";
import { selection } from "./currentSelection";
import { focusFilters } from "./Filters";
import { actionTargets, conversationHref, moveCursor, openCursor, selectCursor } from "./List";
import { m } from "./messages";
import { openAssignPicker, openSnoozePicker } from "./pickers";
import { EMPTY_SELECTION } from "./selection";
import { conversationOf } from "./store";

export function useConversationCommands(openId: string | null, toggleDetails: () => void): void {
  const text = m.actions;
  const group = common.groups.conversation;
  const list = common.groups.list;
  const targetIds = () => actionTargets(openId);
  const hasTargets = () => targetIds().length > 0;
  const areAll = (status: string) =>
    targetIds().every((id) => conversationOf(id)?.status === status);
  const isOpen = () => openId !== null;
  const moveCommand = (id: string, label: string, keys: string, run: () => void): Command => ({
    id: `${id}.${keys}`,
    label,
    keys,
    group: list,
    keyOnly: true,
    run,
  });
  useCommands([
    moveCommand("list.next", text.next, "j", () => moveCursor(1, openId)),
    moveCommand("list.previous", text.previous, "k", () => moveCursor(-1, openId)),
    moveCommand("list.extend", text.selectDown, "J", () => moveCursor(1, openId, true)),
    moveCommand("list.extendUp", text.selectUp, "K", () => moveCursor(-1, openId, true)),
    {
      id: "list.open",
      label: text.openCurrent,
      keys: "Enter",
      group: list,
      keyOnly: true,
      when: () => !isOpen() && !isControlFocused(),
      run: openCursor,
    },
    {
      id: "list.select",
      label: text.select,
      keys: "x",
      icon: SquareCheck,
      group: list,
      keyOnly: true,
      run: () => selectCursor(openId),
    },
    {
      id: "list.filter",
      label: text.filter,
      keys: "/",
      icon: ListFilter,
      group: list,
      run: focusFilters,
    },
    {
      id: "list.back",
      label: text.back,
      keys: "Escape",
      group: list,
      keyOnly: true,
      when: () => selection.value.ids.length > 0 || isOpen(),
      run: () => {
        if (selection.value.ids.length > 0) selection.value = EMPTY_SELECTION;
        else navigate(conversationHref("").replace(/\/(?=\?|$)/u, ""));
      },
    },
    {
      id: "reply",
      label: text.reply,
      keys: "r",
      icon: CornerUpLeft,
      group,
      when: isOpen,
      run: focusComposer,
    },
    {
      id: "close",
      label: text.close,
      keys: "e",
      icon: Check,
      group,
      keywords: text.closeAlso,
      when: () => hasTargets() && !areAll("closed"),
      run: () => close(targetIds()),
    },
    {
      id: "reopen",
      label: text.open,
      keys: "o",
      icon: RotateCcw,
      group,
      keywords: text.openAlso,
      when: () => hasTargets() && !areAll("open"),
      run: () => reopen(targetIds()),
    },
    {
      id: "snooze",
      label: text.snoozeAsk,
      keys: "z",
      icon: AlarmClock,
      group,
      keywords: text.snoozeAlso,
      when: () => hasTargets() && !areAll("closed"),
      run: () => openSnoozePicker(targetIds()),
    },
    {
      id: "assign",
      label: text.assignAsk,
      keys: "a",
      icon: UserRoundPlus,
      group,
      when: hasTargets,
      run: () => openAssignPicker(targetIds()),
    },
    {
      id: "assign.me",
      label: text.assignMe,
      keys: "i",
      icon: UserRound,
      group,
      when: hasTargets,
      run: () => assign(targetIds(), me.value),
    },
    {
      id: "claim",
      label: text.claim,
      keys: "c",
      icon: Hand,
      group,
      when: () => openId !== null && conversationOf(openId)?.assignee === null,
      run: () => openId && void claim(openId),
    },
    {
      id: "details",
      label: text.details,
      keys: "d",
      icon: PanelRight,
      group,
      when: isOpen,
      run: toggleDetails,
    },
    {
      id: "profile",
      label: text.viewProfile,
      group,
      icon: UserRound,
      when: isOpen,
      run: () => {
        const contact = openId && conversationOf(openId)?.contact.id;
        if (contact) navigate(`/contacts/${contact}`);
      },
    },
  ]);
}

/** Enter on a focused link or button is that control's own. */
function isControlFocused(): boolean {
  return document.activeElement?.matches("a, button, summary, input") ?? false;
}
