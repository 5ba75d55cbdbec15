import { useState } from "preact/hooks";
import { PasswordInput } from "../auth/public/PasswordInput";
import { SHORTEST_PASSWORD } from "../auth/public/passwordRule";
import { changeMe } from "../core/me";
import { m } from "../core/messages.en";
import { allowNotifications, blip } from "../core/notices";
import { enterSends, notifications, singleKeys, sound, undoSendSeconds } from "../core/prefs";
import { explain } from "../core/problems";
import { browserZone, http, me, signOut } from "../core/session";
import { useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { CommitInput } from "../ui/CommitInput";
import { Failure } from "../ui/Failure";
import { Select, Switch } from "../ui/Field";
import { toast } from "../ui/Toast";
import { useSaved } from "../ui/useSaved";
import { Card, Section } from "./Section";

const text = m.settings.profile;
const WINDOWS = [0, 3, 5, 10];

export function Profile() {
  return (
    <Section title={text.title} text={text.text}>
      <Self />
      <Writing />
      <Notices />
      <Password />
    </Section>
  );
}

function Self() {
  const saved = useSaved(explain);
  const user = me.value;
  if (!user) return null;
  const zones = [...new Set([user.time_zone, browserZone(), ...knownZones(), "UTC"])].sort();
  return (
    <Card title={m.settings.sections.you} saved={saved}>
      <CommitInput
        label={text.name}
        value={user.name}
        required
        maxLength={80}
        onCommit={(name) => void saved.save(() => changeMe({ name }))}
      />
      <Select
        label={text.zone}
        hint={text.zoneHint}
        value={user.time_zone}
        options={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
        onChange={(event) => {
          const time_zone = event.currentTarget.value;
          void saved.save(() => changeMe({ time_zone }));
        }}
      />
      <CommitInput label={text.email} value={user.email} disabled onCommit={() => undefined} />
    </Card>
  );
}

function knownZones(): string[] {
  return Intl.supportedValuesOf?.("timeZone") ?? [];
}

function Writing() {
  return (
    <Card title={text.writing} text={text.browser}>
      <Select
        label={text.undoSend}
        hint={text.undoSendHint}
        value={String(undoSendSeconds.value)}
        options={WINDOWS.map((one) => ({ value: String(one), label: text.seconds(one) }))}
        onChange={(event) => {
          undoSendSeconds.value = Number(event.currentTarget.value);
        }}
      />
      <Switch
        label={text.enterSends}
        hint={text.enterSendsHint}
        checked={enterSends.value}
        onChange={(on) => {
          enterSends.value = on;
        }}
      />
      <Switch
        label={text.singleKeys}
        hint={text.singleKeysHint}
        checked={singleKeys.value}
        onChange={(on) => {
          singleKeys.value = on;
        }}
      />
    </Card>
  );
}

function Notices() {
  const [denied, setDenied] = useState(false);
  return (
    <Card title={text.notices} text={text.browser}>
      <Switch
        label={text.notifications}
        hint={denied ? text.notificationsDenied : text.notificationsHint}
        checked={notifications.value}
        onChange={async (on) => {
          const allowed = !on || (await allowNotifications());
          setDenied(!allowed);
          notifications.value = on && allowed;
        }}
      />
      <Switch
        label={text.sound}
        hint={text.soundHint}
        checked={sound.value}
        onChange={(on) => {
          sound.value = on;
          if (on) blip();
        }}
      />
    </Card>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const form = useForm(
    async () => {
      const passwords = { current_password: current, new_password: next };
      await http.post("/v1/auth/password", passwords, { impatient: true });
      await signOut({ tellServer: false });
      toast({ text: text.changed });
    },
    () => ({
      ...(current ? {} : { current_password: m.auth.required }),
      ...(next.length < SHORTEST_PASSWORD ? { new_password: m.auth.passwordShort } : {}),
    }),
  );
  return (
    <Card title={text.security} text={text.changeHint}>
      <form class="stack" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <input type="hidden" autocomplete="username" value={me.value?.email ?? ""} />
        <PasswordInput
          label={text.current}
          name="current_password"
          autocomplete="current-password"
          value={current}
          error={form.errors.current_password}
          onChange={setCurrent}
        />
        <PasswordInput
          label={text.next}
          name="new_password"
          autocomplete="new-password"
          hint={m.auth.passwordHint}
          value={next}
          error={form.errors.new_password}
          onChange={setNext}
        />
        <div>
          <Button type="submit" busy={form.busy}>
            {text.change}
          </Button>
        </div>
      </form>
    </Card>
  );
}
