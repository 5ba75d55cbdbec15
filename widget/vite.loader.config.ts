import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

// The loader is one classic script with a fixed name: it is what hosts' pages link to. It names
// the guest script by its hash, so the guest script is built first (vite.guest.config.ts).
const guest = readdirSync("dist/assets").find((name) => name.startsWith("guest-"));

export default defineConfig({
  publicDir: false,
  define: { GUEST_SCRIPT: JSON.stringify(guest) },
  build: {
    target: ["chrome123", "firefox128", "safari18"],
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/loader/main.ts",
      output: { format: "iife", entryFileNames: "loader.js" },
    },
    modulePreload: false,
  },
});
