import { defineConfig, type Plugin } from "vite";

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

/** Where nearly everybody begins, and what goes on beside whatever page is open. */
const SOON = ["/src/conversations/Conversations.tsx", "/src/conversations/start.ts"];

/** Has the browser fetch beside the first file what that one will ask for as soon as it runs. */
const fetchAhead: Plugin = {
  name: "fetch-ahead",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const soon = chunks.filter((one) => SOON.some((end) => one.facadeModuleId?.endsWith(end)));
      if (soon.length < SOON.length) throw new Error("what is fetched ahead has another name now");
      const parts = new Set(soon.flatMap((one) => [one.fileName, ...one.imports]));
      const files = chunks.filter((one) => parts.has(one.fileName) && !one.isEntry);
      const styles = files.flatMap((one) => [...(one.viteMetadata?.importedCss ?? [])]);
      return [
        ...files.map((one) => link({ rel: "modulepreload", href: `/${one.fileName}` })),
        ...styles.map((name) => link({ rel: "preload", as: "style", href: `/${name}` })),
      ];
    },
  },
};

function link(attrs: Record<string, string>) {
  return { tag: "link", attrs: { ...attrs, crossorigin: true }, injectTo: "head" as const };
}

export default defineConfig({
  plugins: [fetchAhead],
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
              priority: 2,
            },
            // The first load is one file, and what late parts have in common another: the first
            // screen needs most of it, and a file for each set of users would be a dozen.
            { name: "first", tags: ["$initial"], priority: 1 },
            { name: "common", test: /^(?!.*\/src\/languages\/)/u, minShareCount: 2 },
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
