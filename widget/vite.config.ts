import { defineConfig } from "vite";
import { BROWSERS, nameOf } from "./vite.common.ts";

// The chat: a page of its own in a frame, with hashed assets beside it.
export default defineConfig({
  base: "./",
  define: { EMOJI_SCRIPT: nameOf("emoji") },
  build: {
    target: BROWSERS,
    emptyOutDir: false,
    // One script has nothing to preload.
    modulePreload: false,
    rolldownOptions: { input: "frame.html" },
  },
});
