import { useState } from "preact/hooks";
import { PasswordInput } from "../auth/public/PasswordInput";
import { SHORTEST_PASSWORD } from "../auth/public/passwordRule";
import { formatDuration } from "../core/formats";
import { changeMe } from "../core/me";
import { common } from "../core/messages";
import { playTone, requestNotifications } from "../core/notices";
import { browserLanguage } from "../core/preferredLanguage";
import { enterSends, notifications, singleKeys, sound, undoSendSeconds } from "../core/prefs";
import { explain } from "../core/problems";
import { browserZone, http, me, signOut } from "../core/session";
import { useForm } from "../core/useForm";
import { bestLanguage, languages, ownName } from "../languages";
import { Button } from "../ui/Button";
import { CommitInput } from "../ui/CommitInput";
import { Failure } from "../ui/Failure";
import { Select, Switch } from "../ui/Field";
import { toast } from "../ui/Toast";
import { useSave } from "../ui/useSave";
import { m } from "./messages";
import { Card, Section } from "./Section";

const WINDOWS = [0, 3, 5, 10];

export function Profile() {
  return (
    <Section title={m.profile.title} text={m.profile.text}>
      <ProfileCard />
      <WritingCard />
      <NotificationCard />
      <PasswordCard />
    </Section>
  );
}

function ProfileCard() {
  const saved = useSave(explain);
  const user = me.value;
  if (!user) return null;
  const zones = [...new Set([user.time_zone, browserZone(), ...listTimeZones(), "UTC"])].sort();
  return (
    <Card title={m.sections.you} saved={saved}>
      <CommitInput
        label={m.profile.name}
        value={user.name}
        required
        maxLength={80}
        onCommit={(name) => void saved.save(() => changeMe({ name }))}
      />
      <Select
        label={m.profile.language}
        hint={m.profile.languageHint}
        value={user.language ? bestLanguage([user.language]) : ""}
        options={[
          { value: "", label: m.profile.browserLanguage({ language: ownName(browserLanguage()) }) },
          ...languages.map((one) => ({ value: one, label: ownName(one) })),
        ]}
        onChange={(event) => {
          const language = event.currentTarget.value || null;
          void saved.save(() => changeMe({ language }));
        }}
      />
      <Select
        label={m.profile.zone}
        hint={m.profile.zoneHint}
        value={user.time_zone}
        options={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
        onChange={(event) => {
          const time_zone = event.currentTarget.value;
          void saved.save(() => changeMe({ time_zone }));
        }}
      />
      <CommitInput label={m.profile.email} value={user.email} disabled onCommit={() => undefined} />
    </Card>
  );
}

function listTimeZones(): string[] {
  return Intl.supportedValuesOf?.("timeZone") ?? [];
}

function WritingCard() {
  return (
    <Card title={m.profile.writing} text={m.profile.browser}>
      <Select
        label={m.profile.undoSend}
        hint={m.profile.undoSendHint}
        value={String(undoSendSeconds.value)}
        options={WINDOWS.map((one) => ({
          value: String(one),
          label: one === 0 ? m.profile.sendAtOnce : formatDuration(one, "second"),
        }))}
        onChange={(event) => {
          undoSendSeconds.value = Number(event.currentTarget.value);
        }}
      />
      <Switch
        label={m.profile.enterSends}
        hint={m.profile.enterSendsHint}
        checked={enterSends.value}
        onChange={(isOn) => {
          enterSends.value = isOn;
        }}
      />
      <Switch
        label={m.profile.singleKeys}
        hint={m.profile.singleKeysHint}
        checked={singleKeys.value}
        onChange={(isOn) => {
          singleKeys.value = isOn;
        }}
      />
    </Card>
  );
}

function NotificationCard() {
  const [isDenied, setIsDenied] = useState(false);
  return (
    <Card title={m.profile.notices} text={m.profile.browser}>
      <Switch
        label={m.profile.notifications}
        hint={isDenied ? m.profile.notificationsDenied : m.profile.notificationsHint}
        checked={notifications.value}
        onChange={async (isOn) => {
          const isAllowed = !isOn || (await requestNotifications());
          setIsDenied(!isAllowed);
          notifications.value = isOn && isAllowed;
        }}
      />
      <Switch
        label={m.profile.sound}
        hint={m.profile.soundHint}
        checked={sound.value}
        onChange={(isOn) => {
          sound.value = isOn;
          if (isOn) playTone();
        }}
      />
    </Card>
  );
}

function PasswordCard() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const form = useForm(
    async () => {
      const passwords = { current_password: current, new_password: next };
      await http.post("/v1/auth/password", passwords, { failFast: true });
      await signOut({ tellServer: false });
      toast({ text: m.profile.changed });
    },
    () => ({
      ...(current ? {} : { current_password: common.form.required }),
      ...(next.length < SHORTEST_PASSWORD
        ? { new_password: common.form.passwordShort({ least: SHORTEST_PASSWORD }) }
        : {}),
    }),
  );
  return (
    <Card title={m.profile.security} text={m.profile.changeHint}>
      <form class="stack" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <input type="hidden" autocomplete="username" value={me.value?.email ?? ""} />
        <PasswordInput
          label={m.profile.current}
          name="current_password"
          autocomplete="current-password"
          value={current}
          error={form.errors.current_password}
          onChange={setCurrent}
        />
        <PasswordInput
          label={m.profile.next}
          name="new_password"
          autocomplete="new-password"
          hint={m.profile.nextHint({ least: SHORTEST_PASSWORD })}
          value={next}
          error={form.errors.new_password}
          onChange={setNext}
        />
        <div>
          <Button type="submit" busy={form.busy}>
            {m.profile.change}
          </Button>
        </div>
      </form>
    </Card>
  );
}
