const rules = new Intl.PluralRules("en");

/** `one` for one, else `many`, each with the number already in it. */
export function count(value: number, one: string, many: string): string {
  const text = rules.select(value) === "one" ? one : many;
  return `${new Intl.NumberFormat("en").format(value)} ${text}`;
}

/** "40 seconds", "5 minutes", "11 hours": rounded up, so that it isn't too early then. */
function span(seconds: number): string {
  if (seconds <= 90) return count(seconds, "second", "seconds");
  if (seconds <= 5400) return count(Math.ceil(seconds / 60), "minute", "minutes");
  return count(Math.ceil(seconds / 3600), "hour", "hours");
}

export const app = {
  name: "Foyer",
  skip: "Skip to content",
  nav: {
    label: "Main",
    conversations: "Conversations",
    visitors: "Visitors",
    contacts: "Contacts",
    settings: "Settings",
  },
  unread: (value: number) => count(value, "unread conversation", "unread conversations"),
  online: "Online",
  away: "Away",
  cutOff: "Offline",
  available: "Available for visitors",
  profileMenu: (name: string) => `Your menu, ${name}`,
  newWorkspace: "New workspace",
  workspaceName: "Name of the workspace",
  newWorkspaceHint: "It starts empty, with you as its owner. You can switch at any time.",
  createWorkspace: "Create workspace",
  workspaceMenu: (name: string) => `Workspace ${name}, switch`,
  workspaces: "Workspaces",
  theme: "Appearance",
  themes: { auto: "Like the system", light: "Light", dark: "Dark" },
  profile: "Your profile",
  signOut: "Sign out",
  signedOut: "You were signed out. Sign in to continue; drafts are kept in this browser.",
  shortcuts: "Keyboard shortcuts",
  shortcutsHint: "Single keys can be turned off in Settings, Profile.",
  search: "Search and commands",
  searchPlaceholder: "Find a contact or conversation, or type a command…",
  searchEmpty: "Nothing fits. Try a name, an e-mail address or a command.",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved",
  saving: "Saving…",
  undo: "Undo",
  undoLatest: "Undo the last action",
  undone: "Undone",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  back: "Back",
  more: "More",
  loading: "Loading",
  notifications: "Notices",
  notFound: { title: "There is nothing here", text: "The address may be old or mistyped." },
  toConversations: "Go to conversations",
  offline: (at: string) => `You are offline. Showing data of ${at}.`,
  reconnecting: (at: string) => `Connecting again… Showing data of ${at}.`,
  slow: "Saving takes longer than usual. Nothing is lost: it is tried again until it works.",
  queued: (value: number) => count(value, "change waits to be sent", "changes wait to be sent"),
  groups: {
    go: "Go to",
    conversation: "Conversation",
    list: "List",
    general: "General",
    contacts: "Contacts",
    conversations: "Conversations",
  },
  goTo: (where: string) => `Go to ${where}`,
  toTheme: (name: string) => `Appearance: ${name}`,
  becomeOnline: "Set yourself online",
  becomeAway: "Set yourself away",
  units: { now: "now", minute: "min", hour: "h", day: "d" },
};

export const problem = {
  unexpected: "Something unexpected went wrong. Nothing of yours was lost.",
  offline: "The server can't be reached. Check your connection and try again.",
  timeout: "The server took too long to answer. Try again in a moment.",
  tooMany: (seconds: number | null) =>
    seconds ? `Too many tries. Wait ${span(seconds)}.` : "Too many tries. Wait a moment.",
  tooMuch: (seconds: number | null, why: string | null) =>
    `${why ?? "Too much at once"}. ${seconds ? `Try again in ${span(seconds)}.` : "Try again later."}`,
  passing: "That isn't possible at this moment. Nothing of yours was lost; try again in a moment.",
  server: "The server had a problem. Nothing of yours was lost; try again in a moment.",
  loadFailed: "This couldn't be loaded",
  about: (said: string) => (/^(is|must|goes) /u.test(said) ? `This ${said}` : said),
};
