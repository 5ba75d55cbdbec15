import type { Translation } from "../catalogue";
import type english from "../en/places";

const texts: Translation<typeof english> = {
  conversations: "Unterhaltungen",
  visitors: "Besucher",
  contacts: "Kontakte",
  settings: "Einstellungen",
  profile: "Profil",
  yourProfile: "Ihr Profil",
  team: "Team",
  widget: "Widget",
  unread: { one: "{count} ungelesene Unterhaltung", other: "{count} ungelesene Unterhaltungen" },
  goTo: "Gehe zu: {place}",
};
export default texts;
