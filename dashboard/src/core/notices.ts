/** Telling the operator of something when they aren't looking: a tone, a notification. */

import { notifications, sound } from "./prefs";
import { navigate } from "./router";
import { claimOnce } from "./tabs";

export interface Notice {
  /** The same for all tabs: one of them tells. */
  id: string;
  title: string;
  body: string;
  /** What it is about: a newer notice about it replaces the older. */
  tag: string;
  /** Where a click on it leads. */
  href: string;
}

/** Two soft notes, an interval apart that is heard without startling; Hz. */
const NOTES = [659.3, 880];
let audio: AudioContext | null = null;

/** Play the tone. Browsers allow it after the first gesture on the page. */
export function playTone(): void {
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
export async function requestNotifications(): Promise<boolean> {
  if (typeof Notification === "undefined") return false;
  if (Notification.permission !== "default") return Notification.permission === "granted";
  return (await Notification.requestPermission()) === "granted";
}

/** Tell, as far as it is wanted and allowed; of several tabs one does. */
export async function notifyOperator(notice: Notice): Promise<void> {
  if (mayPlay() && (await claimOnce(`foyer.sound/${notice.id}`))) playTone();
  if (mayNotify() && (await claimOnce(`foyer.notice/${notice.id}`))) showNotification(notice);
}

function mayPlay(): boolean {
  return sound.value && navigator.userActivation?.hasBeenActive !== false;
}

function mayNotify(): boolean {
  if (!notifications.value || typeof Notification === "undefined") return false;
  return Notification.permission === "granted";
}

function showNotification({ title, body, tag, href }: Notice): void {
  const notice = new Notification(title, { body, tag });
  notice.onclick = () => {
    focus();
    navigate(href);
    notice.close();
  };
}
