import { Radio } from "lucide";
import type { Module } from "../core/module";
import { places } from "../core/places";

export const visitors: Module = {
  nav: () => [{ href: "/visitors", label: places.visitors, icon: Radio, keys: "g v" }],
};
