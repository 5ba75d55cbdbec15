/** Choosing a snooze time or an assignee: the same lines as a menu, or as a palette by key. */

import { signal } from "@preact/signals";
import { AlarmClock, CalendarClock, MessageCircleReply, UserRound, UserRoundX } from "lucide";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { me, timeZone } from "../core/session";
import { team } from "../core/team";
import { moment } from "../core/time";
import { Button } from "../ui/Button";
import { CommandPalette, type PaletteItem } from "../ui/CommandPalette";
import { Dialog } from "../ui/Dialog";
import { DateTimePicker } from "../ui/Field";
import type { MenuEntry } from "../ui/Menu";
import { assign, snooze } from "./actions";
import { m } from "./messages";
import { fromInput, presets, toInput } from "./snooze";
import { conversationOf } from "./store";

type PickerRequest = { what: "snooze" | "assign" | "time"; ids: readonly string[] };

const request = signal<PickerRequest | null>(null);

export function openSnoozePicker(ids: readonly string[]): void {
  if (ids.length > 0) request.value = { what: "snooze", ids };
}

export function openAssignPicker(ids: readonly string[]): void {
  if (ids.length > 0) request.value = { what: "assign", ids };
}

/** The lines of the snooze menu for these conversations. */
export function snoozeChoices(ids: readonly string[]): PaletteItem[] {
  const { snooze: text } = m;
  const before = ids.length === 1 ? (conversationOf(ids[0] ?? "")?.snoozed_before ?? null) : null;
  const times = presets(new Date(), timeZone.value, before).map(({ id, until }) => {
    const iso = until.toISOString();
    return {
      id,
      label: text[id],
      icon: AlarmClock,
      note: moment(iso),
      run: () => snooze(ids, iso),
    };
  });
  return [
    ...times,
    { id: "reply", label: text.reply, icon: MessageCircleReply, run: () => snooze(ids, null) },
    {
      id: "custom",
      label: text.custom,
      icon: CalendarClock,
      run: () => {
        request.value = { what: "time", ids };
      },
    },
  ];
}

/** The lines of the assign menu: me first, nobody last. */
export function assignChoices(ids: readonly string[]): PaletteItem[] {
  const mine = me.value;
  const current = ids.length === 1 ? (conversationOf(ids[0] ?? "")?.assignee ?? null) : null;
  const others = team.value.filter((one) => one.id !== mine?.id && one.state === "active");
  const people = others.map((one) => ({
    id: one.id,
    label: one.name,
    icon: UserRound,
    note: one.id === current?.id ? m.assign.current : one.email,
    keywords: one.email,
    run: () => assign(ids, one),
  }));
  const self = mine
    ? [
        {
          id: mine.id,
          label: m.actions.assignMe,
          icon: UserRound,
          note: mine.name,
          run: () => assign(ids, mine),
        },
      ]
    : [];
  const nobody = {
    id: "nobody",
    label: m.actions.unassign,
    icon: UserRoundX,
    run: () => assign(ids, null),
  };
  return [...self, ...people, nobody];
}

export function toMenuEntries(choices: readonly PaletteItem[]): MenuEntry[] {
  return choices.map(({ label, icon, note, run }) => ({ label, icon, note, run }));
}

/** Draws whichever choice is being asked for; one per page. */
export function Pickers() {
  const openRequest = request.value;
  const close = () => {
    if (request.value === openRequest) request.value = null;
  };
  if (!openRequest) return null;
  if (openRequest.what === "time") return <TimeDialog ids={openRequest.ids} onClose={close} />;
  const { snooze: snoozing, assign: assigning } = m;
  const text = openRequest.what === "snooze" ? snoozing : assigning;
  return (
    <CommandPalette
      key={openRequest.what}
      label={text.title}
      placeholder={text.search}
      emptyText={openRequest.what === "snooze" ? snoozing.empty : assigning.noMatch}
      items={
        openRequest.what === "snooze"
          ? snoozeChoices(openRequest.ids)
          : assignChoices(openRequest.ids)
      }
      onClose={close}
    />
  );
}

const HOUR = 3_600_000;

function TimeDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const zone = timeZone.value;
  const text = m.snooze;
  const [value, setValue] = useState(() => toInput(new Date(Date.now() + 24 * HOUR), zone));
  const until = fromInput(value, zone);
  const isPast = until !== null && until.getTime() <= Date.now();
  const submit = () => {
    if (!until || isPast) return;
    onClose();
    snooze(ids, until.toISOString());
  };
  return (
    <Dialog
      title={text.customTitle}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button tone="primary" type="submit" form="snooze-time" disabled={!until || isPast}>
            {m.actions.snooze}
          </Button>
        </>
      }
    >
      <form
        id="snooze-time"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <DateTimePicker
          label={text.customLabel({ zone })}
          hint={text.wake}
          error={isPast ? text.past : null}
          value={value}
          min={toInput(new Date(), zone)}
          onChange={setValue}
        />
      </form>
    </Dialog>
  );
}
