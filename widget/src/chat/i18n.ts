/** Every text of the chat. English is built in; others come from the page's side. */

export const ENGLISH = {
  new: "Send us a message",
  recent: "Recent message",
  all: "All conversations",
  conversations: "Conversations",
  back: "Back",
  close: "Close",
  write: "Write a message…",
  send: "Send",
  emoji: "Emoji",
  you: "You",
  log: "Messages",
  code: "Code",
  typing: "{name} is typing",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  sending: "Sending…",
  queued: "Waiting to be sent",
  failed: "Not sent",
  retry: "Try again",
  discard: "Discard",
  newer: "New messages",
  closed: "This conversation was closed. You can still write.",
  unread: "{n} unread",
  left: "{n} characters left",
  over: "{n} characters too many",
  offline: "You're offline. What you write is kept and sent later.",
  waiting: "Reconnecting…",
  catching: "Catching up…",
  slow: "Sending takes longer than usual. What you wrote is kept and will be sent.",
  unreachable: "We can't be reached right now. What you wrote is kept.",
  unavailable: "The chat isn't available on this page.",
  load_failed: "Messages couldn't be loaded.",
};
export type TextKey = keyof typeof ENGLISH;

const RTL = /^ar\b/;

let words: Record<TextKey, string> = ENGLISH;
export let locale = "en";

/** Takes a language, and the direction it is written in. */
export function setLanguage(language: string, translations: Record<string, string>): void {
  words = { ...ENGLISH, ...translations };
  locale = language;
  document.documentElement.lang = locale;
  document.documentElement.dir = RTL.test(locale) ? "rtl" : "ltr";
}

export function t(word: TextKey, values: Record<string, string | number> = {}): string {
  return words[word].replace(/\{(\w+)\}/g, (_, name) => `${values[name] ?? ""}`);
}
