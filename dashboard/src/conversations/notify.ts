/** Telling the operator of a customer's message when they aren't looking: a tone, a notification. */

import { onFrame } from "../app/live";
import { m } from "../app/messages.en";
import { notifications, sound } from "../app/prefs";
import { navigate, place } from "../app/router";
import { plain } from "./markdown";

/** Two soft notes, an interval apart that is heard without startling; Hz. */
const NOTES = [659.3, 880];
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

export function startNotices(): () => void {
  return onFrame((frame) => {
    if (frame.type !== "message.created" || frame.data.message.author.type !== "contact") return;
    const { message, conversation } = frame.data;
    const looking = document.hasFocus() && place.value.path.endsWith(message.conversation_id);
    if (looking) return;
    if (sound.value && navigator.userActivation?.hasBeenActive !== false) blip();
    if (!notifications.value || document.hasFocus()) return;
    if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
    const notice = new Notification(m.conversations.notify.new(conversation.contact.name), {
      body: plain(message.text).slice(0, 120),
      // One notification per conversation: a newer message replaces the older.
      tag: message.conversation_id,
    });
    notice.onclick = () => {
      focus();
      navigate(`/conversations/${message.conversation_id}`);
      notice.close();
    };
  });
}
