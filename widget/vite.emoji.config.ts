import { defineConfig } from "vite";
import { BROWSERS } from "./vite.common.ts";

// What the chat imports when the picker is opened: a module that needs nothing of the chat's.
export default defineConfig({
  publicDir: false,
  build: {
    target: BROWSERS,
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/emoji/picker.ts",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "assets/emoji-[hash].js" },
    },
  },
});
