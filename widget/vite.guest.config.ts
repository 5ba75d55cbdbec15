import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

// The guest script names the one that it may need later by its hash.
const preview = readdirSync("dist/assets").find((name) => name.startsWith("preview-"));

// What the loader fetches when the page is idle: a classic script too, because a module from
// another origin would need CORS headers on static files.
export default defineConfig({
  publicDir: false,
  define: { PREVIEW_SCRIPT: JSON.stringify(preview) },
  build: {
    target: ["chrome123", "firefox128", "safari18"],
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/guest/main.ts",
      output: { format: "iife", entryFileNames: "assets/guest-[hash].js" },
    },
    modulePreload: false,
  },
});
