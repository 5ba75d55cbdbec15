import type { Conversation } from "@foyer/protocol";
import {
  AlarmClock,
  ArrowLeft,
  Check,
  ChevronDown,
  Eye,
  Hand,
  PanelRight,
  RotateCcw,
  UserRound,
} from "lucide";
import { displayName } from "../contacts/public/displayName";
import { formatList } from "../core/formats";
import { navigate } from "../core/router";
import { me } from "../core/session";
import { moment } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { claim, close, reopen } from "./actions";
import { m } from "./messages";
import { assignChoices, snoozeChoices, toMenuEntries } from "./pickers";
import type { OpenThread } from "./threads";

interface HeadProps {
  conversation: Conversation;
  thread: OpenThread;
  listHref: string;
  /** Where details cover the timeline, they are a layer of their own. */
  onDetails: () => void;
  isDetailsOpen: boolean;
}

/** The way back where a conversation is all there is on the screen. */
export function BackToList({ href }: { href: string }) {
  return (
    <IconButton
      class="thread-back"
      icon={ArrowLeft}
      label={m.actions.back}
      onClick={() => navigate(href)}
    />
  );
}

/** Whose conversation this is, in which state, and what can be done with it. */
export function Head({ conversation, thread, listHref, onDetails, isDetailsOpen }: HeadProps) {
  const { id, contact, status } = conversation;
  const text = m.actions;
  return (
    <header class="thread-head">
      <BackToList href={listHref} />
      <div class="thread-title">
        <h2 class="truncate">
          <a href={`/contacts/${contact.id}`}>
            <bdi>{displayName(contact)}</bdi>
          </a>
        </h2>
        <Status conversation={conversation} />
        <Viewers thread={thread} />
      </div>
      <div class="thread-actions" role="toolbar" aria-label={text.label}>
        <Assignee conversation={conversation} />
        {status !== "closed" && (
          <Menu
            label={m.snooze.title}
            side="bottom-end"
            entries={() => toMenuEntries(snoozeChoices([id]))}
            trigger={(attributes) => (
              <IconButton icon={AlarmClock} label={text.snooze} keys="z" {...attributes} />
            )}
          />
        )}
        <IconButton
          icon={PanelRight}
          label={text.details}
          keys="d"
          pressed={isDetailsOpen}
          onClick={onDetails}
        />
        {status === "closed" ? (
          <Button size="small" icon={RotateCcw} onClick={() => reopen([id])}>
            {text.open}
          </Button>
        ) : (
          <Button size="small" icon={Check} onClick={() => close([id])}>
            {text.close}
          </Button>
        )}
      </div>
    </header>
  );
}

function Status({ conversation }: { conversation: Conversation }) {
  const { status, snoozed_until } = conversation;
  if (status === "open") return null;
  const [icon, text] =
    status === "closed"
      ? [Check, m.status.closed]
      : [AlarmClock, snoozed_until ? moment(snoozed_until) : m.snooze.reply];
  return (
    <Badge tone={status === "closed" ? "plain" : "warning"} icon={icon} tip={text}>
      {text}
    </Badge>
  );
}

function Viewers({ thread }: { thread: OpenThread }) {
  const viewers = thread.viewing.value;
  if (viewers.length === 0) return null;
  const names = m.viewing({ names: formatList(viewers.map((one) => one.name)) });
  return (
    <span class="viewers" role="status" data-tip={names}>
      <Icon of={Eye} size={14} />
      {viewers.slice(0, 3).map((one) => (
        <Avatar key={one.id} name={one.name} id={one.id} size="tiny" />
      ))}
      <span class="visually-hidden">{names}</span>
    </span>
  );
}

function Assignee({ conversation }: { conversation: Conversation }) {
  const { id, assignee } = conversation;
  const text = m.actions;
  const name = assignee?.id === me.value?.id ? m.you : assignee?.name;
  return (
    <>
      {!assignee && (
        <Button
          size="small"
          icon={Hand}
          onClick={() => void claim(id)}
          data-tip-keys="c"
          data-tip={text.claim}
        >
          {text.claim}
        </Button>
      )}
      <Menu
        label={m.assign.title}
        side="bottom-end"
        entries={() => toMenuEntries(assignChoices([id]))}
        trigger={(attributes) => (
          <Button
            tone="quiet"
            size="small"
            class="thread-assignee"
            aria-label={name ? m.assignedTo({ name }) : text.assign}
            data-tip={text.assign}
            data-tip-keys="a"
            {...attributes}
          >
            {assignee ? (
              <Avatar name={assignee.name} id={assignee.id} size="tiny" />
            ) : (
              <Icon of={UserRound} />
            )}
            <span class="truncate thread-assignee-name">
              <bdi>{name ?? text.assign}</bdi>
            </span>
            <Icon of={ChevronDown} size={12} />
          </Button>
        )}
      />
    </>
  );
}
