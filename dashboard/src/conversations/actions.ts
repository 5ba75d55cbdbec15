/** What an operator does to conversations: shown at once, undoable, put right if refused. */

import { type Conversation, fullJitter, Problem } from "@foyer/protocol";
import { onGap } from "../core/live";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { http, me } from "../core/session";
import { moment } from "../core/time";
import { toast } from "../ui/Toast";
import { m } from "./messages";
import { type Change, drain, loadChanges, post, queuedChanges } from "./queue";
import { amend, applyOptimistically, conversationOf, fetchConversation, put } from "./store";

/** The server takes at most this many at once. */
const BULK = 200;
/** Waits before what couldn't be done is tried again, beside what the server asks for, ms. */
const RETRY = { base: 2_000, cap: 60_000 };

type Person = { id: string; name: string };

interface BulkResult {
  id: string;
  ok: boolean;
}

interface Step {
  /** What the conversation looks like afterwards. */
  become: Partial<Conversation>;
  action: "open" | "close" | "snooze" | "assign" | "claim";
  body: Record<string, unknown>;
  /** Said when it is done. */
  said: string;
  /** What a failure is told as. */
  label: string;
}

export function close(ids: readonly string[]): void {
  doTo(ids, () => ({
    become: { status: "closed", snoozed_until: null, waiting_since: null },
    action: "close",
    body: {},
    said: m.done.closed,
    label: m.actions.close,
  }));
}

export function reopen(ids: readonly string[]): void {
  doTo(ids, openStep);
}

/** Snooze until an instant, or until the customer's next reply when null. */
export function snooze(ids: readonly string[], until: string | null): void {
  doTo(ids, () => snoozeStep(until));
}

export function assign(ids: readonly string[], person: Person | null): void {
  doTo(ids, () => assignStep(person));
}

/** Take an unassigned conversation for oneself; of two who try, one is told who has it. */
export async function claim(id: string): Promise<void> {
  const mine = me.value;
  const before = conversationOf(id);
  if (!mine || !before) return;
  try {
    put(await http.post<Conversation>(`/v1/conversations/${id}/claim`, {}));
    toast({ text: m.done.claimed, undo: () => assignBack(before) });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) {
      return complain(m.actions.claim, error);
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
  let tries = 0;
  const again = (seconds: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(run, seconds * 1000 + fullJitter(tries++, RETRY));
  };
  const run = async () => {
    clearTimeout(timer);
    timer = 0;
    const asked = await drain(put, (change: Change, error) => {
      complain(change.label, error);
      void fetchConversation(change.conversationId).catch(() => undefined);
    });
    if (asked !== null) again(asked);
    else tries = 0;
  };
  const stops = [
    onGap(run),
    queuedChanges.subscribe((changes) => {
      if (changes.length > 0 && !timer) again(1);
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
    become: { status: "open", snoozed_until: null },
    action: "open",
    body: {},
    said: m.done.opened,
    label: m.actions.open,
  };
}

function snoozeStep(until: string | null): Step {
  const { done } = m;
  return {
    become: { status: "snoozed", snoozed_until: until },
    action: "snooze",
    body: { until },
    said: until ? done.snoozed({ time: moment(until) }) : done.snoozedForReply,
    label: m.actions.snooze,
  };
}

function assignStep(person: Person | null): Step {
  return {
    become: { assignee: person },
    action: "assign",
    body: { assignee_id: person?.id ?? null },
    said: person ? m.done.assigned({ name: person.name }) : m.done.unassigned,
    label: m.actions.assign,
  };
}

function doTo(ids: readonly string[], stepFor: () => Step): void {
  const befores = ids.map(conversationOf).filter((one) => one !== undefined);
  const first = befores[0];
  if (!first) return;
  const step = stepFor();
  if (befores.length === 1) void take(first.id, step);
  else void takeAll(befores, step);
  const { said } = step;
  toast({
    text: befores.length === 1 ? said : m.done.many({ what: said, count: befores.length }),
    undo: () => {
      for (const before of befores) undo(before, step.action);
      toast({ text: common.undone });
    },
  });
}

/** One request for many; those it refuses are shown as they really are. */
async function takeAll(befores: readonly Conversation[], step: Step): Promise<void> {
  const drops = befores.map(({ id }) => applyOptimistically(id, step.become));
  try {
    for (let at = 0; at < befores.length; at += BULK) {
      const ids = befores.slice(at, at + BULK).map((one) => one.id);
      const body = { ids, action: step.action, ...step.body };
      const { data } = await http.post<{ data: BulkResult[] }>("/v1/conversations/bulk", body);
      for (const { id } of data.filter((one) => one.ok)) amend(id, step.become);
      const refused = data.filter((one) => !one.ok);
      if (refused.length > 0) {
        const text = m.done.someFailed({ what: step.label, count: refused.length });
        toast({ text, tone: "danger" });
      }
    }
  } catch (error) {
    complain(step.label, error);
  } finally {
    for (const drop of drops) drop();
  }
}

/** What is under way by conversation: one change after the other, in the order they were made. */
const lanes = new Map<string, Promise<void>>();

function take(id: string, step: Step): Promise<void> {
  const drop = applyOptimistically(id, step.become);
  const run = (lanes.get(id) ?? Promise.resolve()).then(() => send(id, step)).finally(drop);
  lanes.set(id, run);
  return run;
}

async function send(id: string, { action, body, label, become }: Step): Promise<void> {
  try {
    const after = await post({ conversationId: id, action, body, label });
    if (after) return put(after);
    amend(id, become); // queued: the banner counts what waits
  } catch (error) {
    complain(label, error);
  }
}

/** The opposite of an action: back to what the conversation was before it. */
function undo(before: Conversation, action: Step["action"]): void {
  if (action === "assign") assignBack(before);
  else if (before.status === "closed") void take(before.id, { ...openStep(), ...closedAgain() });
  else if (before.status === "snoozed") void take(before.id, snoozeStep(before.snoozed_until));
  else void take(before.id, openStep());
}

function closedAgain(): Pick<Step, "become" | "action"> {
  return { become: { status: "closed", snoozed_until: null }, action: "close" };
}

function assignBack(before: Conversation): void {
  void take(before.id, assignStep(before.assignee));
}

function complain(what: string, error: unknown): void {
  toast({ text: common.failed({ what, why: explain(error) }), tone: "danger" });
}
