import type { Workspace } from "@foyer/protocol";
import { ExternalLink } from "lucide";
import { useEffect } from "preact/hooks";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { session } from "../core/session";
import { testPageUrl } from "../core/testPage";
import {
  changeWorkspace,
  loadWorkspace,
  type WorkspaceChange,
  workspace,
  workspaceFailure,
} from "../core/workspace";
import { CommitInput } from "../ui/CommitInput";
import { Select, Switch } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Bar, ErrorState, Skeleton } from "../ui/States";
import { useSave } from "../ui/useSave";
import { ColourField } from "./ColourField";
import { Identity } from "./Identity";
import { Install } from "./Install";
import { m } from "./messages";
import { Preview } from "./Preview";
import { Card, Section } from "./Section";

export function WidgetSettings() {
  useEffect(() => void loadWorkspace(), []);
  const current = workspace.value;
  if (!current) {
    return workspaceFailure.value ? (
      <ErrorState
        title={common.loadFailed}
        detail={workspaceFailure.value}
        retryLabel={common.retry}
        onRetry={() => void loadWorkspace()}
      />
    ) : (
      <Skeleton label={common.loading}>
        <div class="section">
          <Bar width={20} height={20} />
          <Bar width={45} />
        </div>
      </Skeleton>
    );
  }
  const mayChange = session.value?.role !== "operator";
  return (
    <Section
      title={m.widget.title}
      text={mayChange ? m.widget.text : m.forbidden}
      aside={
        <a
          href={testPageUrl(current.widget_key)}
          target="_blank"
          rel="noopener"
          class="section-link"
        >
          {m.widget.testPage} <Icon of={ExternalLink} size={14} />
        </a>
      }
    >
      <div class="widget-columns">
        <fieldset class="plain-fieldset" disabled={!mayChange}>
          <Install widgetKey={current.widget_key} mayChange={mayChange} />
          <LookCard current={current} />
          <TextsCard current={current} />
          <ReplyCard current={current} />
          <Identity current={current} mayChange={mayChange} />
        </fieldset>
        <Preview current={current} />
      </div>
    </Section>
  );
}

function useWidgetSave() {
  const saved = useSave(explain);
  const save = (change: WorkspaceChange) => void saved.save(() => changeWorkspace(change));
  return { saved, save };
}

function LookCard({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  const { widget } = current;
  return (
    <Card title={m.widget.look} saved={saved}>
      <ColourField
        label={m.widget.colour}
        hint={m.widget.colourHint}
        value={widget.colour}
        onCommit={(colour) => save({ widget: { colour } })}
      />
      <div class="pair">
        <Select
          label={m.widget.position}
          value={widget.position}
          options={(["right", "left"] as const).map((one) => ({
            value: one,
            label: m.widget.positions[one],
          }))}
          onChange={(event) =>
            save({ widget: { position: event.currentTarget.value as "right" | "left" } })
          }
        />
        <Select
          label={m.widget.theme}
          value={widget.theme}
          options={(["auto", "light", "dark"] as const).map((one) => ({
            value: one,
            label: common.themes[one],
          }))}
          onChange={(event) =>
            save({ widget: { theme: event.currentTarget.value as "auto" | "light" | "dark" } })
          }
        />
      </div>
      <Switch
        label={m.widget.launcherHidden}
        hint={m.widget.launcherHiddenHint}
        checked={widget.launcher_hidden}
        onChange={(launcher_hidden) => save({ widget: { launcher_hidden } })}
      />
      <Switch
        label={m.widget.presence}
        hint={m.widget.presenceHint}
        checked={widget.presence}
        onChange={(presence) => save({ widget: { presence } })}
      />
    </Card>
  );
}

function TextsCard({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  const { widget, name } = current;
  return (
    <Card title={m.widget.texts} saved={saved}>
      <CommitInput
        label={m.widget.workspaceName}
        value={name}
        required
        maxLength={80}
        onCommit={(next) => save({ name: next })}
      />
      <CommitInput
        label={m.widget.greeting}
        value={widget.greeting}
        maxLength={500}
        onCommit={(greeting) => save({ widget: { greeting } })}
      />
      <CommitInput
        label={m.widget.intro}
        value={widget.intro}
        lines={2}
        maxLength={500}
        onCommit={(intro) => save({ widget: { intro } })}
      />
      <CommitInput
        label={m.widget.reply}
        hint={m.widget.replyHint}
        value={widget.reply_expectation}
        maxLength={500}
        onCommit={(reply_expectation) => save({ widget: { reply_expectation } })}
      />
    </Card>
  );
}

function ReplyCard({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  return (
    <Card title={m.widget.replying} saved={saved}>
      <Switch
        label={m.widget.assignOnReply}
        hint={m.widget.assignOnReplyHint}
        checked={current.settings.assign_on_reply}
        onChange={(assign_on_reply) => save({ settings: { assign_on_reply } })}
      />
    </Card>
  );
}
