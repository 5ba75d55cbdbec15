import { Users } from "lucide";
import type { Module } from "../core/module";
import { places } from "../core/places";

export const contacts: Module = {
  nav: () => [{ href: "/contacts", label: places.contacts, icon: Users, keys: "g o" }],
  palette: () => import("./palette"),
};
