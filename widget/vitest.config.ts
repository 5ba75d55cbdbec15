import { defineConfig, mergeConfig } from "vitest/config";
import chat from "./vite.config.ts";

export default mergeConfig(
  chat,
  defineConfig({
    define: {
      GUEST_SCRIPT: JSON.stringify("assets/guest-test.js"),
      PLAIN_SCRIPT: JSON.stringify("assets/plain-test.js"),
    },
    test: {
      environment: "happy-dom",
      environmentOptions: {
        happyDOM: {
          url: "https://shop.example/",
          settings: {
            disableJavaScriptFileLoading: true,
            handleDisabledFileLoadingAsSuccess: true,
            disableIframePageLoading: true,
          },
        },
      },
      include: ["tests/**/*.test.{ts,tsx}"],
      testTimeout: 10_000,
      css: { include: [] },
    },
  }),
);
