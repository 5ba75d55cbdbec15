import { defineConfig } from "vite";

// The dashboard is plain static files: it may be hosted on any origin, and finds its API by the
// page's <meta name="foyer-api">. `FOYER_API` is for `vite dev` against a running backend only.
const api = process.env.FOYER_API;

/** A catalogue's file, its language and its module. */
const CATALOGUE = /\/src\/languages\/([^/]+)\/(\w+)\.ts$/u;
/** What every page says comes in one file of its language; what a module says in one of its own. */
const EVERYWHERE = ["app", "core", "places", "problems"];

const languageOf = (id: string) => {
  const [, language = null, module = ""] = CATALOGUE.exec(id) ?? [];
  return { language, isEverywhere: EVERYWHERE.includes(module) };
};

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsDir: "assets",
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              debugName: "what every page says",
              name: (id) => (languageOf(id).isEverywhere ? languageOf(id).language : null),
            },
          ],
        },
        chunkFileNames: ({ moduleIds: [id = ""] }) => {
          const { language, isEverywhere } = languageOf(id);
          const prefix = language && !isEverywhere ? `${language}-` : "";
          return `assets/${prefix}[name]-[hash].js`;
        },
      },
    },
  },
  server: api ? { proxy: { "/v1": { target: api, ws: true }, "/widget": { target: api } } } : {},
});
