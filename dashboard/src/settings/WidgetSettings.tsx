import type { Workspace } from "@foyer/protocol";
import { ExternalLink } from "lucide";
import { useEffect } from "preact/hooks";
import { m } from "../core/messages.en";
import { explain } from "../core/problems";
import { session } from "../core/session";
import { testPage } from "../core/testPage";
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
import { useSaved } from "../ui/useSaved";
import { ColourField } from "./ColourField";
import { Identity } from "./Identity";
import { Install } from "./Install";
import { Preview } from "./Preview";
import { Card, Section } from "./Section";

const text = m.settings.widget;

export function WidgetSettings() {
  useEffect(() => void loadWorkspace(), []);
  const current = workspace.value;
  if (!current) {
    return workspaceFailure.value ? (
      <ErrorState
        title={m.problem.loadFailed}
        detail={workspaceFailure.value}
        retryLabel={m.app.retry}
        onRetry={() => void loadWorkspace()}
      />
    ) : (
      <Skeleton label={m.app.loading}>
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
      title={text.title}
      text={mayChange ? text.text : m.settings.forbidden}
      aside={
        <a href={testPage(current.widget_key)} target="_blank" rel="noopener" class="section-link">
          {text.testPage} <Icon of={ExternalLink} size={14} />
        </a>
      }
    >
      <div class="widget-columns">
        <fieldset class="plain-fieldset" disabled={!mayChange}>
          <Install widgetKey={current.widget_key} mayChange={mayChange} />
          <Look current={current} />
          <Texts current={current} />
          <Replying current={current} />
          <Identity current={current} mayChange={mayChange} />
        </fieldset>
        <Preview current={current} />
      </div>
    </Section>
  );
}

function useWidgetSave() {
  const saved = useSaved(explain);
  const save = (change: WorkspaceChange) => void saved.save(() => changeWorkspace(change));
  return { saved, save };
}

function Look({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  const { widget } = current;
  return (
    <Card title={text.look} saved={saved}>
      <ColourField
        label={text.colour}
        hint={text.colourHint}
        value={widget.colour}
        onCommit={(colour) => save({ widget: { colour } })}
      />
      <div class="pair">
        <Select
          label={text.position}
          value={widget.position}
          options={(["right", "left"] as const).map((one) => ({
            value: one,
            label: text.positions[one],
          }))}
          onChange={(event) =>
            save({ widget: { position: event.currentTarget.value as "right" | "left" } })
          }
        />
        <Select
          label={text.theme}
          value={widget.theme}
          options={(["auto", "light", "dark"] as const).map((one) => ({
            value: one,
            label: m.app.themes[one],
          }))}
          onChange={(event) =>
            save({ widget: { theme: event.currentTarget.value as "auto" | "light" | "dark" } })
          }
        />
      </div>
      <Switch
        label={text.launcherHidden}
        hint={text.launcherHiddenHint}
        checked={widget.launcher_hidden}
        onChange={(launcher_hidden) => save({ widget: { launcher_hidden } })}
      />
      <Switch
        label={text.presence}
        hint={text.presenceHint}
        checked={widget.presence}
        onChange={(presence) => save({ widget: { presence } })}
      />
    </Card>
  );
}

function Texts({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  const { widget, name } = current;
  return (
    <Card title={text.texts} saved={saved}>
      <CommitInput
        label={text.workspaceName}
        value={name}
        required
        maxLength={80}
        onCommit={(next) => save({ name: next })}
      />
      <CommitInput
        label={text.greeting}
        value={widget.greeting}
        maxLength={500}
        onCommit={(greeting) => save({ widget: { greeting } })}
      />
      <CommitInput
        label={text.intro}
        value={widget.intro}
        lines={2}
        maxLength={500}
        onCommit={(intro) => save({ widget: { intro } })}
      />
      <CommitInput
        label={text.reply}
        hint={text.replyHint}
        value={widget.reply_expectation}
        maxLength={500}
        onCommit={(reply_expectation) => save({ widget: { reply_expectation } })}
      />
    </Card>
  );
}

function Replying({ current }: { current: Workspace }) {
  const { saved, save } = useWidgetSave();
  return (
    <Card title={text.replying} saved={saved}>
      <Switch
        label={text.assignOnReply}
        hint={text.assignOnReplyHint}
        checked={current.settings.assign_on_reply}
        onChange={(assign_on_reply) => save({ settings: { assign_on_reply } })}
      />
    </Card>
  );
}
