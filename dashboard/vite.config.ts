import { defineConfig } from "vite";

// The dashboard is plain static files: it may be hosted on any origin, and finds its API by the
// page's <meta name="foyer-api">. `FOYER_API` is for `vite dev` against a running backend only.
const api = process.env.FOYER_API;

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsDir: "assets",
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: api ? { proxy: { "/v1": { target: api, ws: true }, "/widget": { target: api } } } : {},
});
