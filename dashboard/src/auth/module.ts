import type { Module } from "../core/module";
import { me } from "../core/session";

export const auth: Module = {
  banner: {
    // A session that began before addresses were confirmed doesn't say; the server will.
    when: () => me.value?.verified === false,
    load: () => import("./UnverifiedBanner"),
  },
};
