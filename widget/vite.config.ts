import { readFileSync } from "node:fs";
import { defineConfig, minify, type Plugin } from "vite";

/** Comes later than the one sheet that has the tokens. */
const LATE = readFileSync("src/chat/styles/emoji.css", "utf8");

/** Nothing here needs preloading: late chunks are small and bring no styles. Saves 0.8 kB. */
const noPreload: Plugin = {
  name: "no-preload",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js")
      ? "export const __vitePreload = (load) => load();"
      : undefined,
  renderChunk: (code) => code.replace(", __VITE_PRELOAD__, import.meta.url)", ")"),
};

/**
 * Names that the build may shorten as it does variables: our own, and used inside one chunk only.
 * So neither the browser's nor Preact's, nor on the wire (that is snake_case), nor what the loader,
 * the guest script and the picker share with the chat. Saves 0.1 kB.
 */
const OURS =
  /^(lastSeq|historyTo|loadFailed|teamRead|customerRead|customerDelivered|catchUp|setThread|escaped|ticks|number|lost|picking|pending|onChange|expanded|lease|flush|older|learn|told|typed|reload|threads|entry|draft|Emoji|unsent)$/;

const shortNames: Plugin = {
  name: "short-names",
  async renderChunk(code, { fileName }) {
    const how = { compress: false, mangle: false, codegen: false, mangleProps: { include: OURS } };
    return (await minify(fileName, code, how)).code;
  },
};

const isLate = (name: string) => LATE.includes(`var(${name})`);

/** Keeps the custom properties that are read more than once; the others' values go where they are read. */
function pruned(css: string): string {
  for (const [, step, value] of css.matchAll(/(--neutral-\d+):([^;}]+)/g)) {
    css = css.replaceAll(`var(${step})`, `${value}`);
  }
  // The chat's own roles replace the shared ones.
  css = css.replace(/(--[\w-]+):[^;{}]+;/g, (whole, name, at) =>
    css.indexOf(`${name}:`, at + whole.length) < 0 ? whole : "",
  );
  for (const [, name, value] of css.matchAll(/(--[\w-]+):([^;}]+)/g)) {
    const times = (text: string) => css.split(text).length - 1;
    if (times(`${name}:`) === 1 && times(`var(${name})`) === 1 && !isLate(`${name}`)) {
      css = css.replace(`var(${name})`, `${value}`);
    }
  }
  for (let before = ""; before !== css; ) {
    before = css;
    css = css.replace(/(--[\w-]+):[^;{}]+(;|(?=\}))/g, (whole, name) =>
      before.includes(`var(${name})`) || before.includes(`var(${name},`) || isLate(name)
        ? whole
        : "",
    );
  }
  return css.replace(/@media[^{}]*\{:root\{\}\}/g, "").replaceAll(";}", "}");
}

/** The design tokens are shared with the dashboard; the widget needs a third of them. */
const onlyUsedTokens: Plugin = {
  name: "only-used-tokens",
  enforce: "post",
  transform(code, id) {
    const [, css] = /^export default (".*")/s.exec(code) ?? [];
    return css && id.includes("/styles/index.css")
      ? { code: `export default ${JSON.stringify(pruned(JSON.parse(css)))}`, map: null }
      : undefined;
  },
};

// The chat: a page of its own in a frame, with hashed assets beside it.
export default defineConfig({
  base: "./",
  plugins: [noPreload, shortNames, onlyUsedTokens],
  // Classic calls are shorter than automatic ones and need no second element factory: 0.3 kB.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false },
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
