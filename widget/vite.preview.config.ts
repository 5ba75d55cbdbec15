import { defineConfig } from "vite";

// What the guest script fetches when it has a message to show: a classic script, as that one is.
export default defineConfig({
  publicDir: false,
  build: {
    target: ["chrome123", "firefox128", "safari18"],
    emptyOutDir: true,
    rolldownOptions: {
      input: "src/preview/main.ts",
      output: { format: "iife", entryFileNames: "assets/preview-[hash].js" },
    },
    modulePreload: false,
  },
});
