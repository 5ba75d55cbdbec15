import { defineConfig } from "vite";

// What the loader fetches when the page is idle: a classic script too, because a module from
// another origin would need CORS headers on static files.
export default defineConfig({
  publicDir: false,
  build: {
    target: ["chrome123", "firefox128", "safari18"],
    emptyOutDir: true,
    rolldownOptions: {
      input: "src/guest/main.ts",
      output: { format: "iife", entryFileNames: "assets/guest-[hash].js" },
    },
    modulePreload: false,
  },
});
