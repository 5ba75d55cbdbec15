import type { Translation } from "../catalogue";
import type english from "../en/core";

const texts: Translation<typeof english> = {
  name: "Foyer",
  close: "Schließen",
  cancel: "Abbrechen",
  saved: "Gespeichert",
  saving: "Wird gespeichert …",
  undo: "Rückgängig",
  undone: "Rückgängig gemacht",
  retry: "Erneut versuchen",
  copied: "Kopiert",
  loading: "Wird geladen",
  loadFailed: "Das konnte nicht geladen werden",
  failed: "{what} hat nicht geklappt: {why}",
  toConversations: "Zu den Unterhaltungen",
  online: "Online",
  away: "Abwesend",
  themes: { auto: "Wie das System", light: "Hell", dark: "Dunkel" },
  roles: { owner: "Inhaber", admin: "Admin", operator: "Operator" },
  groups: {
    go: "Gehe zu",
    conversation: "Unterhaltung",
    list: "Liste",
    general: "Allgemein",
    contacts: "Kontakte",
    conversations: "Unterhaltungen",
  },
  ago: { now: "jetzt", minutes: "{count} Min.", hours: "{count} Std.", days: "{count} T." },
  keys: { control: "Strg", shift: "Umschalt" },
  form: {
    required: "Bitte ausfüllen.",
    passwordShort: "Bitte mindestens {least} Zeichen.",
    emailWrong: "Das ist keine E-Mail-Adresse.",
  },
  testPage: {
    tab: "Testseite für das Widget",
    title: "Jetzt sind Sie der Besucher",
    text: "Diese Seite trägt Ihr Widget und sonst nichts. Öffnen Sie es mit dem runden Knopf, schreiben Sie etwas und sehen Sie im anderen Tab, wie es ankommt.",
    missing:
      "In der Adresse fehlt der Schlüssel des Widgets. Öffnen Sie diese Seite unter Einstellungen, Widget.",
  },
  problem: {
    unexpected: "Etwas Unerwartetes ist passiert. Von Ihnen ging nichts verloren.",
    offline:
      "Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut.",
    replaced: "Foyer wurde aktualisiert. Laden Sie die Seite neu, um weiterzumachen.",
    timeout: "Der Server hat zu lange gebraucht. Versuchen Sie es gleich noch einmal.",
    tooManyTries: "Zu viele Versuche. Warten Sie einen Moment.",
    tooManyTriesFor: "Zu viele Versuche. Warten Sie {time}.",
    tooMuch: "Zu viel auf einmal. Versuchen Sie es später erneut.",
    tooMuchFor: "Zu viel auf einmal. Versuchen Sie es in {time} erneut.",
    later: "{why}. Versuchen Sie es später erneut.",
    laterIn: "{why}. Versuchen Sie es in {time} erneut.",
    passing:
      "Das ist gerade nicht möglich. Von Ihnen ging nichts verloren; versuchen Sie es gleich noch einmal.",
    server:
      "Der Server hatte ein Problem. Von Ihnen ging nichts verloren; versuchen Sie es gleich noch einmal.",
    refused: "Der Server hat das abgelehnt. Geändert wurde nichts.",
  },
};
export default texts;
