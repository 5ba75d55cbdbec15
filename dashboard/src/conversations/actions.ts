/** What an operator does to conversations: shown at once, undoable, put right if refused. */

import { type Conversation, fullJitter, Problem } from "@foyer/protocol";
import { onGap } from "../core/live";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { http, me } from "../core/session";
import { moment } from "../core/time";
import { toast } from "../ui/Toast";
import { m } from "./messages";
import { drain, loadChanges, postOrQueue, type QueuedChange, queuedChanges } from "./queue";
import { amend, applyOptimistically, conversationOf, fetchConversation, put } from "./store";

/** The server takes at most this many at once. */
const BULK = 200;
/** Waits before what couldn't be done is tried again, beside what the server asks for, ms. */
const RETRY = { base: 2_000, cap: 60_000 };

type Assignee = { id: string; name: string };

interface BulkResult {
  id: string;
  ok: boolean;
}

interface Step {
  /** What the conversation looks like afterwards. */
  changes: Partial<Conversation>;
  action: "open" | "close" | "snooze" | "assign" | "claim";
  body: Record<string, unknown>;
  /** Said when it is done. */
  doneText: string;
  /** What a failure is told as. */
  label: string;
}

export function close(ids: readonly string[]): void {
  applyStep(ids, () => ({
    changes: { status: "closed", snoozed_until: null, waiting_since: null },
    action: "close",
    body: {},
    doneText: m.done.closed,
    label: m.actions.close,
  }));
}

export function reopen(ids: readonly string[]): void {
  applyStep(ids, openStep);
}

/** Snooze until an instant, or until the customer's next reply when null. */
export function snooze(ids: readonly string[], until: string | null): void {
  applyStep(ids, () => snoozeStep(until));
}

export function assign(ids: readonly string[], person: Assignee | null): void {
  applyStep(ids, () => assignStep(person));
}

/** Take an unassigned conversation for oneself; of two who try, one is told who has it. */
export async function claim(id: string): Promise<void> {
  const self = me.value;
  const before = conversationOf(id);
  if (!self || !before) return;
  try {
    put(await http.post<Conversation>(`/v1/conversations/${id}/claim`, {}));
    toast({ text: m.done.claimed, undo: () => restoreAssignee(before) });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) {
      return toastFailure(m.actions.claim, error);
    }
    const now = await fetchConversation(id).catch(() => undefined);
    const owner = now?.assignee?.name;
    const text = owner ? m.done.taken({ name: owner }) : m.done.takenUnknown;
    toast({ text, tone: "danger" });
  }
}

/** Do what was queued, now, whenever the connection comes back, and again until it works. */
export function startActions(): () => void {
  loadChanges();
  let timer = 0;
  let attempts = 0;
  const retryLater = (seconds: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(run, seconds * 1000 + fullJitter(attempts++, RETRY));
  };
  const run = async () => {
    clearTimeout(timer);
    timer = 0;
    const retrySeconds = await drain(put, (change: QueuedChange, error) => {
      toastFailure(change.label, error);
      void fetchConversation(change.conversationId).catch(() => undefined);
    });
    if (retrySeconds !== null) retryLater(retrySeconds);
    else attempts = 0;
  };
  const stops = [
    onGap(run),
    queuedChanges.subscribe((changes) => {
      if (changes.length > 0 && !timer) retryLater(1);
    }),
  ];
  void run();
  addEventListener("online", run);
  return () => {
    clearTimeout(timer);
    removeEventListener("online", run);
    for (const stop of stops) stop();
  };
}

function openStep(): Step {
  return {
    changes: { status: "open", snoozed_until: null },
    action: "open",
    body: {},
    doneText: m.done.opened,
    label: m.actions.open,
  };
}

function snoozeStep(until: string | null): Step {
  const { done } = m;
  return {
    changes: { status: "snoozed", snoozed_until: until },
    action: "snooze",
    body: { until },
    doneText: until ? done.snoozed({ time: moment(until) }) : done.snoozedForReply,
    label: m.actions.snooze,
  };
}

function assignStep(person: Assignee | null): Step {
  return {
    changes: { assignee: person },
    action: "assign",
    body: { assignee_id: person?.id ?? null },
    doneText: person ? m.done.assigned({ name: person.name }) : m.done.unassigned,
    label: m.actions.assign,
  };
}

function applyStep(ids: readonly string[], stepFor: () => Step): void {
  const originals = ids.map(conversationOf).filter((one) => one !== undefined);
  const first = originals[0];
  if (!first) return;
  const step = stepFor();
  if (originals.length === 1) void runStep(first.id, step);
  else void runBulk(originals, step);
  const { doneText } = step;
  toast({
    text:
      originals.length === 1 ? doneText : m.done.many({ what: doneText, count: originals.length }),
    undo: () => {
      for (const before of originals) undo(before, step.action);
      toast({ text: common.undone });
    },
  });
}

/** One request for many; those it refuses are shown as they really are. */
async function runBulk(originals: readonly Conversation[], step: Step): Promise<void> {
  const rollbacks = originals.map(({ id }) => applyOptimistically(id, step.changes));
  try {
    for (let at = 0; at < originals.length; at += BULK) {
      const ids = originals.slice(at, at + BULK).map((one) => one.id);
      const body = { ids, action: step.action, ...step.body };
      const { data } = await http.post<{ data: BulkResult[] }>("/v1/conversations/bulk", body);
      for (const { id } of data.filter((one) => one.ok)) amend(id, step.changes);
      const refused = data.filter((one) => !one.ok);
      if (refused.length > 0) {
        const text = m.done.someFailed({ what: step.label, count: refused.length });
        toast({ text, tone: "danger" });
      }
    }
  } catch (error) {
    toastFailure(step.label, error);
  } finally {
    for (const rollback of rollbacks) rollback();
  }
}

/** What is under way by conversation: one change after the other, in the order they were made. */
const runsByConversation = new Map<string, Promise<void>>();

function runStep(id: string, step: Step): Promise<void> {
  const rollback = applyOptimistically(id, step.changes);
  const run = (runsByConversation.get(id) ?? Promise.resolve())
    .then(() => send(id, step))
    .finally(rollback);
  runsByConversation.set(id, run);
  return run;
}

async function send(id: string, { action, body, label, changes }: Step): Promise<void> {
  try {
    const after = await postOrQueue({ conversationId: id, action, body, label });
    if (after) return put(after);
    amend(id, changes); // queued: the banner counts what waits
  } catch (error) {
    toastFailure(label, error);
  }
}

/** The opposite of an action: back to what the conversation was before it. */
function undo(before: Conversation, action: Step["action"]): void {
  if (action === "assign") restoreAssignee(before);
  else if (before.status === "closed")
    void runStep(before.id, { ...openStep(), ...closeAgainStep() });
  else if (before.status === "snoozed") void runStep(before.id, snoozeStep(before.snoozed_until));
  else void runStep(before.id, openStep());
}

function closeAgainStep(): Pick<Step, "changes" | "action"> {
  return { changes: { status: "closed", snoozed_until: null }, action: "close" };
}

function restoreAssignee(before: Conversation): void {
  void runStep(before.id, assignStep(before.assignee));
}

function toastFailure(what: string, error: unknown): void {
  toast({ text: common.failed({ what, why: explain(error) }), tone: "danger" });
}
