import { defineConfig } from "vite";
import { BROWSERS, nameOf } from "./vite.common.ts";

// The loader is one classic script with a fixed name: it is what hosts' pages link to.
export default defineConfig({
  publicDir: false,
  define: { GUEST_SCRIPT: nameOf("guest") },
  build: {
    target: BROWSERS,
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/loader/main.ts",
      output: { format: "iife", entryFileNames: "loader.js" },
    },
  },
});
