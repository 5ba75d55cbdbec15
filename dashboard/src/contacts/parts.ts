import type { Parts } from "../core/module";

export const contacts: Parts = {
  routes: [{ pattern: "/contacts/:id?", title: "contacts", load: () => import("./ContactsPage") }],
  messages: ["contacts"],
};
