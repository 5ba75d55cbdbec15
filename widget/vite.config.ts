import { defineConfig, type Plugin } from "vite";

/** Nothing here needs preloading: late chunks are small and bring no styles. Saves 0.7 kB. */
const noPreload: Plugin = {
  name: "no-preload",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js")
      ? "export const __vitePreload = (load) => load();"
      : undefined,
};

/**
 * Drops every custom property that nothing reads: the design tokens are shared with the
 * dashboard, and the widget needs a third of them.
 */
const onlyUsedTokens: Plugin = {
  name: "only-used-tokens",
  enforce: "post",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
      let css = String(file.source);
      for (let before = ""; before !== css; ) {
        before = css;
        css = css.replace(/(--[\w-]+):[^;{}]+(;|(?=\}))/g, (whole, name) =>
          before.includes(`var(${name})`) || before.includes(`var(${name},`) ? whole : "",
        );
      }
      file.source = css;
    }
  },
};

// The chat: a page of its own in a frame, with hashed assets beside it.
export default defineConfig({
  base: "./",
  plugins: [noPreload, onlyUsedTokens],
  // Classic calls are shorter than automatic ones and need no second element factory: 0.3 kB.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    jsxInject: 'import { Fragment, h } from "preact";',
  },
  build: {
    target: ["chrome123", "firefox128", "safari18"],
    cssTarget: ["chrome123", "firefox128", "safari18"],
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: "frame.html" },
  },
});
