import { MessagesSquare } from "lucide";
import type { Module } from "../core/module";
import { places } from "../core/places";
import { unread } from "./unread";

export const conversations: Module = {
  nav: () => [
    {
      href: "/conversations",
      label: places.conversations,
      icon: MessagesSquare,
      keys: "g c",
      count: { value: unread.value, label: places.unread({ count: unread.value }) },
    },
  ],
  palette: () => import("./palette"),
};
