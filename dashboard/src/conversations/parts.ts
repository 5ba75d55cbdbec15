import type { Parts } from "../core/module";
import { filterOf, pageOf } from "./filter";

export const conversations: Parts = {
  routes: [
    {
      pattern: "/conversations/:id?",
      title: "conversations",
      load: () => import("./Conversations"),
    },
  ],
  messages: ["conversations", "contacts"],
  answers: ({ query }) => [pageOf(filterOf(query), null)],
  start: () => import("./start"),
};
