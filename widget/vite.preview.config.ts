import { defineConfig } from "vite";
import { BROWSERS } from "./vite.common.ts";

// What the guest script fetches when it has a message to show: a classic script, as that one is.
export default defineConfig({
  publicDir: false,
  build: {
    target: BROWSERS,
    // The first of the builds.
    emptyOutDir: true,
    rolldownOptions: {
      input: "src/preview/main.ts",
      output: { format: "iife", entryFileNames: "assets/preview-[hash].js" },
    },
  },
});
