import type { Translation } from "../catalogue";
import type english from "../en/auth";

const texts: Translation<typeof english> = {
  signIn: "Anmelden",
  signInTitle: "Willkommen zurück",
  signedOut:
    "Sie wurden abgemeldet. Melden Sie sich an, um weiterzumachen; Entwürfe bleiben in diesem Browser.",
  unheard:
    "In diesem Browser sind Sie abgemeldet. Der Server war nicht erreichbar, um die Sitzung auch dort zu beenden; das wird nachgeholt, solange diese Seite offen ist.",
  signUp: "Workspace anlegen",
  signUpTitle: "Sprechen Sie mit Ihren Besuchern",
  signUpText: "Ihr eigener Support, in zwei Minuten startklar.",
  firstTitle: "Konto des Inhabers anlegen",
  firstText:
    "Noch benutzt niemand dieses Foyer. Wer sich zuerst registriert, ist Inhaber und lädt die anderen ein.",
  closedTitle: "Foyer gibt es hier nur auf Einladung",
  closedText:
    "Bitten Sie einen Inhaber oder Admin aus dem Team um eine Einladung. Sie kommt per E-Mail.",
  verifyTitle: "E-Mail-Adresse bestätigen",
  verifyText: "Das zeigt, dass die Adresse Ihnen gehört, damit Sie andere einladen können.",
  verify: "Diese Adresse bestätigen",
  verifiedTitle: "Ihre Adresse ist bestätigt",
  verifiedText: "Sie können jetzt andere einladen.",
  verifiedOther: "Es ist nicht {email}, womit Sie hier angemeldet sind.",
  verifiedBefore: "Ihre eigene Adresse {email} ist bereits bestätigt.",
  verifyInside:
    "Lassen Sie sich einen neuen Link senden: Das geht in der Zeile über Ihren Unterhaltungen.",
  verifySignedOut:
    "Ist die Adresse noch nicht bestätigt, erscheint nach dem Anmelden ein Hinweis, der einen neuen Link sendet.",
  unverified:
    "Bestätigen Sie Ihre E-Mail-Adresse, um andere einzuladen: Der Link steht in der E-Mail an {email}.",
  unverifiedHere:
    "Bestätigen Sie Ihre E-Mail-Adresse, um andere einzuladen. E-Mails bleiben auf diesem Rechner: Die Adresse der Postseite hat Foyer beim Start ausgegeben.",
  sendAgain: "Erneut senden",
  sentAgain: "Der Link ist unterwegs an {email}. Er gilt einmal und einen Tag lang.",
  sentAgainHere:
    "Ein neuer Link liegt auf der Postseite dieses Rechners. Er gilt einmal und einen Tag lang.",
  email: "E-Mail",
  password: "Passwort",
  newPassword: "Neues Passwort",
  passwordHint: "Mindestens {least} Zeichen; am besten ein paar Wörter.",
  yourName: "Ihr Name",
  workspaceName: "Name des Workspace",
  workspaceHint: "Meist Ihre Firma oder Ihr Produkt.",
  forgot: "Passwort vergessen?",
  noAccount: "Neu hier?",
  haveAccount: "Sie haben schon ein Konto?",
  forgotTitle: "Passwort zurücksetzen",
  forgotText: "Sie erhalten einen Link, mit dem Sie ein neues wählen.",
  sendLink: "Link senden",
  sendAnother: "Neuen Link senden",
  forgotSent:
    "Falls es zu {email} ein Konto gibt, ist der Link unterwegs. Er gilt einmal und eine Stunde lang.",
  forgotSentHere:
    "Falls es zu {email} ein Konto gibt, liegt der Link auf der Postseite dieses Rechners, deren Adresse Foyer beim Start ausgegeben hat. Er gilt einmal und eine Stunde lang.",
  backToSignIn: "Zurück zur Anmeldung",
  resetTitle: "Neues Passwort wählen",
  reset: "Neues Passwort speichern",
  resetDone: "Ihr Passwort ist geändert. Melden Sie sich mit dem neuen an.",
  resetMissing:
    "Dieser Link ist unvollständig. Öffnen Sie ihn noch einmal aus der E-Mail oder fordern Sie einen neuen an.",
  joinTitle: "{workspace} beitreten",
  joinText: "{name} hat Sie als {email} eingeladen.",
  join: "Dem Team beitreten",
  joinExisting: "Sie haben bereits ein Konto: Mit Ihrem Passwort kommt dieser Workspace hinzu.",
  invitationGone: "Diese Einladung gilt nicht mehr",
  invitationGoneText: "Sie wurde benutzt, zurückgezogen oder ist zu alt. Bitten Sie um eine neue.",
  chooseTitle: "Wohin?",
  chooseText: "Sie gehören zu mehreren Workspaces.",
  show: "Passwort anzeigen",
  hide: "Passwort verbergen",
};
export default texts;
