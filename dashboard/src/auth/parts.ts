import type { Parts } from "../core/module";

export const auth: Parts = {
  routes: [
    { pattern: "/login", access: "guest", load },
    { pattern: "/signup", access: "guest", load },
    { pattern: "/forgot", access: "anybody", load },
    { pattern: "/reset/:token?", access: "anybody", load },
    { pattern: "/invitations/:token", access: "anybody", load },
    { pattern: "/verify/:token", access: "anybody", load },
  ],
  messages: ["auth"],
};

function load() {
  return import("./AuthPages");
}
