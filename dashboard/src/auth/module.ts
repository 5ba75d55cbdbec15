import type { Module } from "../core/module";
import { me } from "../core/session";

export const auth: Module = {
  routes: [
    { pattern: "/login", access: "guest", load },
    { pattern: "/signup", access: "guest", load },
    { pattern: "/forgot", access: "anybody", load },
    { pattern: "/reset/:token?", access: "anybody", load },
    { pattern: "/invitations/:token", access: "anybody", load },
    { pattern: "/verify/:token", access: "anybody", load },
  ],
  messages: ["auth"],
  banner: {
    // A session that began before addresses were confirmed doesn't say; the server will.
    when: () => me.value?.verified === false,
    load: () => import("./UnverifiedBanner"),
  },
};

function load() {
  return import("./AuthPages");
}
