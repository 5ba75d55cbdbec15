/** The places of the navigation and the menus, and what waits there: what manifests say. */
export default {
  conversations: "Conversations",
  visitors: "Visitors",
  contacts: "Contacts",
  settings: "Settings",
  profile: "Profile",
  yourProfile: "Your profile",
  team: "Team",
  widget: "Widget",
  unread: { one: "{count} unread conversation", other: "{count} unread conversations" },
  goTo: "Go to {place}",
} as const;
