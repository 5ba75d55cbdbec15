import type { Parts } from "../core/module";

export const visitors: Parts = {
  routes: [{ pattern: "/visitors", title: "visitors", load: () => import("./VisitorsPage") }],
  messages: ["visitors", "contacts"],
};
