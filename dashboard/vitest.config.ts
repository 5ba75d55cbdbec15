import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { css: true, environment: "happy-dom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
