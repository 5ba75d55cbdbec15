import { defineConfig, type Plugin } from "vite";

// The dashboard is plain static files: it may be hosted on any origin, and finds its API by the
// page's <meta name="foyer-api">. `FOYER_API` is for `vite dev` against a running backend only.
const api = process.env.FOYER_API;

/** A catalogue's file and its language. */
const CATALOGUE = /\/src\/languages\/([^/]+)\/\w+\.ts$/u;

/** What a module lets others use, and the module. */
const PUBLIC = /\/src\/(\w+)\/public\/\w+\.tsx?$/u;

/** What the first file asks for whatever the page: it comes beside it. */
const BEGIN = "/src/app/begin.tsx";
/** The first file, with all that it imports at once: small, so that it runs while the rest comes. */
const FIRST = [
  /\/dashboard\/(index\.html|src\/app\/main\.ts)$/u,
  // Styles that several parts share: a file for so few of them costs more than they weigh.
  /\/src\/\w+\/public\/\w+\.css$/u,
];

/** Has the browser fetch beside the first file what that one asks for on every page. */
const fetchBeginning: Plugin = {
  name: "fetch-beginning",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const begin = chunks.find((one) => one.facadeModuleId?.endsWith(BEGIN));
      if (!begin) throw new Error(`${BEGIN} has another name now`);
      const awaited = chunks.find((one) => one.isEntry && one !== begin)?.imports ?? [];
      if (awaited.length > 0) throw new Error(`the first file waits for ${awaited}: see FIRST`);
      const attrs = { rel: "modulepreload", href: `/${begin.fileName}`, crossorigin: true };
      return [{ tag: "link", attrs, injectTo: "head" }];
    },
  },
};

export default defineConfig({
  plugins: [fetchBeginning],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsDir: "assets",
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      input: ["index.html", "src/app/begin.tsx"],
      output: {
        codeSplitting: {
          groups: [
            { name: "first", test: (id) => FIRST.some((one) => one.test(id)), priority: 2 },
            { name: "begin", tags: ["$initial"], priority: 1 },
            // What late parts have in common: what knows no module, what a module shares with others,
            // and what goes on beside all pages. By that nobody waits for texts that others need.
            { name: "common", test: /\/src\/(core|ui)\/|node_modules/u, minShareCount: 2 },
            { debugName: "public", name: (id) => PUBLIC.exec(id)?.[1] ?? null },
            { name: "start", test: /\/src\/\w+\/start\.ts$/u },
          ],
        },
        chunkFileNames: ({ moduleIds: [id = ""] }) => {
          const [, language] = CATALOGUE.exec(id) ?? [];
          return `assets/${language ? `${language}-` : ""}[name]-[hash].js`;
        },
      },
    },
  },
  server: api ? { proxy: { "/v1": { target: api, ws: true }, "/widget": { target: api } } } : {},
});
