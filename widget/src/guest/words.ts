import type { Words } from "../shared/shell.ts";

/** The words on the host's page: open, close, unread messages, the frame's title, dismiss. */
const WORDS: Record<string, string> = {
  de: "Chat öffnen|Chat schließen|ungelesen|Chat|Ausblenden",
  fr: "Ouvrir le chat|Fermer le chat|non lus|Chat|Ignorer",
  es: "Abrir el chat|Cerrar el chat|sin leer|Chat|Descartar",
  ar: "فتح الدردشة|إغلاق الدردشة|غير مقروءة|الدردشة|تجاهل",
  ja: "チャットを開く|チャットを閉じる|件の未読|チャット|閉じる",
};

export function words(locale: string): Words {
  const own = WORDS[locale.slice(0, 2)] ?? "Open chat|Close chat|unread|Chat|Dismiss";
  return own.split("|") as Words;
}
