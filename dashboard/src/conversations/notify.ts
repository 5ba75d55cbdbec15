/** Telling the operator of a customer's message when they aren't looking: a tone, a notification. */

import type { Message, OperatorEvent } from "@foyer/protocol";
import { plain } from "@foyer/protocol/markdown/plain";
import { cut } from "@foyer/protocol/text";
import { effect } from "@preact/signals";
import { onFrame } from "../core/live";
import { m } from "../core/messages.en";
import { notifications, sound } from "../core/prefs";
import { match, navigate, place } from "../core/router";
import { claim, hold, isHeld } from "../core/tabs";

/** Two soft notes, an interval apart that is heard without startling; Hz. */
const NOTES = [659.3, 880];
/** As much of a message as a notification shows, in characters. */
const EXCERPT = 120;
let audio: AudioContext | null = null;

/** Play the tone. Browsers allow it after the first gesture on the page. */
export function blip(): void {
  audio ??= new AudioContext();
  void audio.resume();
  const start = audio.currentTime;
  for (const [index, frequency] of NOTES.entries()) {
    const at = start + index * 0.09;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
}

/** Ask for permission; call it from a click. True when notifications may be shown. */
export async function allowNotifications(): Promise<boolean> {
  if (typeof Notification === "undefined") return false;
  if (Notification.permission !== "default") return Notification.permission === "granted";
  return (await Notification.requestPermission()) === "granted";
}

/** Begin to tell; of several tabs one does, and none while any of them shows the conversation. */
export function startNotices(): () => void {
  const stops = [startLooking(), onFrame(hear)];
  return () => {
    for (const stop of stops) stop();
  };
}

function hear(frame: OperatorEvent): void {
  if (frame.type !== "message.created" || frame.data.message.author.type !== "contact") return;
  void tell(frame.data.message, frame.data.conversation.contact.name);
}

async function tell(message: Message, name: string): Promise<void> {
  if (seen === message.conversation_id || (await isHeld(lookingAt(message.conversation_id))))
    return;
  if (mayPlay() && (await claim(`foyer.sound/${message.id}`))) blip();
  if (mayNotify() && (await claim(`foyer.notice/${message.id}`))) notify(message, name);
}

function mayPlay(): boolean {
  return sound.value && navigator.userActivation?.hasBeenActive !== false;
}

function mayNotify(): boolean {
  if (!notifications.value || typeof Notification === "undefined") return false;
  return Notification.permission === "granted";
}

function notify(message: Message, name: string): void {
  const notice = new Notification(m.conversations.notify.new(name), {
    body: cut(plain(message.text), EXCERPT),
    // One notification per conversation: a newer message replaces the older.
    tag: message.conversation_id,
  });
  notice.onclick = () => {
    focus();
    navigate(`/conversations/${message.conversation_id}`);
    notice.close();
  };
}

/** The conversation before the operator's eyes in this tab. */
let seen: string | null = null;

const lookingAt = (id: string) => `foyer.looking/${id}`;

/** Let the other tabs know which conversation is before the operator's eyes in this one. */
function startLooking(): () => void {
  let release: () => void = () => undefined;
  const look = () => {
    const isWatched = document.hasFocus() && document.visibilityState === "visible";
    const id = (isWatched && match("/conversations/:id", place.value.path)?.id) || null;
    if (id === seen) return;
    release();
    seen = id;
    if (id) release = hold(lookingAt(id));
  };
  const stop = effect(look);
  const events = ["focus", "blur", "visibilitychange"];
  for (const event of events) addEventListener(event, look);
  return () => {
    stop();
    for (const event of events) removeEventListener(event, look);
    release();
    seen = null;
  };
}
