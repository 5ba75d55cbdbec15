import type { Parts } from "../core/module";

export const settings: Parts = {
  routes: [
    { pattern: "/settings/:section?", title: "settings", load: () => import("./SettingsPage") },
  ],
  messages: ["settings", "auth"],
};
