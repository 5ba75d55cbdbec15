import type { Translation } from "../catalogue";
import type english from "../en/app";

const texts: Translation<typeof english> = {
  skip: "Zum Inhalt springen",
  navigation: "Hauptnavigation",
  cutOff: "Offline",
  available: "Für Besucher erreichbar",
  profileMenu: "Ihr Menü, {name}",
  newWorkspace: "Neuer Workspace",
  workspaceName: "Name des Workspace",
  newWorkspaceHint: "Er ist anfangs leer und gehört Ihnen. Sie können jederzeit wechseln.",
  createWorkspace: "Workspace anlegen",
  workspaceMenu: "Workspace {name}, wechseln",
  workspaces: "Workspaces",
  theme: "Darstellung",
  signOut: "Abmelden",
  shortcuts: "Tastenkürzel",
  shortcutsHint: "Einzeltasten lassen sich unter Einstellungen, Profil abschalten.",
  search: "Suche und Befehle",
  searchPlaceholder: "Kontakt oder Unterhaltung suchen, Befehl eingeben …",
  searchFailed:
    "Unter dem, was hier ist, passt nichts; der Rest ließ sich nicht durchsuchen. Versuchen Sie es gleich noch einmal.",
  searchEmpty: "Nichts passt. Versuchen Sie einen Namen, eine E-Mail-Adresse oder einen Befehl.",
  undoLatest: "Letzte Aktion rückgängig machen",
  notifications: "Hinweise",
  notFound: {
    title: "Hier ist nichts",
    text: "Die Adresse ist vielleicht veraltet oder vertippt.",
  },
  offline: "Sie sind offline. Angezeigt wird der Stand von {time}.",
  reconnecting: "Verbindung wird wiederhergestellt … Angezeigt wird der Stand von {time}.",
  slow: "Das Speichern dauert länger als sonst. Nichts geht verloren: Es wird wiederholt, bis es klappt.",
  queued: {
    one: "{count} Änderung wartet auf das Senden.",
    other: "{count} Änderungen warten auf das Senden.",
  },
  toTheme: "Darstellung: {theme}",
  becomeOnline: "Auf online setzen",
  becomeAway: "Auf abwesend setzen",
};
export default texts;
