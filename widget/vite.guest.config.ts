import { defineConfig } from "vite";
import { BROWSERS, nameOf } from "./vite.common.ts";

// What the loader fetches when the page is idle: a classic script too, because a module from
// another origin would need CORS headers on static files.
export default defineConfig({
  publicDir: false,
  define: { PREVIEW_SCRIPT: nameOf("preview") },
  build: {
    target: BROWSERS,
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/guest/main.ts",
      output: { format: "iife", entryFileNames: "assets/guest-[hash].js" },
    },
  },
});
