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
  profile: "Ihr Profil",
  signOut: "Abmelden",
  shortcuts: "Tastenkürzel",
  shortcutsHint: "Einzeltasten lassen sich unter Einstellungen, Profil abschalten.",
  search: "Suche und Befehle",
  searchPlaceholder: "Kontakt oder Unterhaltung suchen, Befehl eingeben …",
  undoLatest: "Letzte Aktion rückgängig machen",
  notifications: "Hinweise",
  notFound: {
    title: "Hier ist nichts",
    text: "Die Adresse ist vielleicht veraltet oder vertippt.",
  },
  offline: "Sie sind offline. Angezeigt wird der Stand von {time}.",
  reconnecting: "Verbindung wird wiederhergestellt … Angezeigt wird der Stand von {time}.",
  slow: "Das Speichern dauert länger als sonst. Nichts geht verloren: Es wird wiederholt, bis es klappt.",
  toTheme: "Darstellung: {theme}",
  becomeOnline: "Auf online setzen",
  becomeAway: "Auf abwesend setzen",
  unverified:
    "Bestätigen Sie Ihre E-Mail-Adresse, um andere einzuladen: Der Link steht in der E-Mail an {email}.",
  unverifiedHere:
    "Bestätigen Sie Ihre E-Mail-Adresse, um andere einzuladen. E-Mails bleiben auf diesem Rechner: Die Adresse der Postseite hat Foyer beim Start ausgegeben.",
  sendAgain: "Erneut senden",
  sentAgain: "Der Link ist unterwegs an {email}. Er gilt einmal und einen Tag lang.",
  sentAgainHere:
    "Ein neuer Link liegt auf der Postseite dieses Rechners. Er gilt einmal und einen Tag lang.",
};
export default texts;
