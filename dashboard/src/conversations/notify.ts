/** Telling the operator of a customer's message when they aren't looking at it. */

import type { Message, OperatorEvent } from "@foyer/protocol";
import { toPlainText } from "@foyer/protocol/markdown/plain";
import { truncate } from "@foyer/protocol/text";
import { effect } from "@preact/signals";
import { displayName } from "../contacts/public/displayName";
import { onFrame } from "../core/live";
import { notifyOperator } from "../core/notices";
import { match } from "../core/paths";
import { place } from "../core/router";
import { holdLock, isHeld } from "../core/tabs";
import { m } from "./messages";

/** As much of a message as a notification shows, in characters. */
const EXCERPT = 120;

/** Begin to tell; of several tabs one does, and none while any of them shows the conversation. */
export function startNotices(): () => void {
  const stops = [startViewLock(), onFrame(onNewMessage)];
  return () => {
    for (const stop of stops) stop();
  };
}

function onNewMessage(frame: OperatorEvent): void {
  if (frame.type !== "message.created" || frame.data.message.author.type !== "contact") return;
  void notifyOfMessage(frame.data.message, displayName(frame.data.conversation.contact));
}

async function notifyOfMessage(message: Message, name: string): Promise<void> {
  if (viewedId === message.conversation_id || (await isHeld(viewLockName(message.conversation_id))))
    return;
  await notifyOperator({
    id: message.id,
    title: m.notice({ name }),
    body: truncate(toPlainText(message.text), EXCERPT),
    tag: message.conversation_id,
    href: `/conversations/${message.conversation_id}`,
  });
}

/** The conversation before the operator's eyes in this tab. */
let viewedId: string | null = null;

const viewLockName = (id: string) => `foyer.looking/${id}`;

/** Let the other tabs know which conversation is before the operator's eyes in this one. */
function startViewLock(): () => void {
  let release: () => void = () => undefined;
  const update = () => {
    const isInFront = document.hasFocus() && document.visibilityState === "visible";
    const id = (isInFront && match("/conversations/:id", place.value.path)?.id) || null;
    if (id === viewedId) return;
    release();
    viewedId = id;
    if (id) release = holdLock(viewLockName(id));
  };
  const stop = effect(update);
  const events = ["focus", "blur", "visibilitychange"];
  for (const event of events) addEventListener(event, update);
  return () => {
    stop();
    for (const event of events) removeEventListener(event, update);
    release();
    viewedId = null;
  };
}
