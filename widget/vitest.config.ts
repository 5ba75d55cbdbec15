import { defineConfig } from "vitest/config";

export default defineConfig({
  define: {
    EMOJI_SCRIPT: JSON.stringify("emoji-test.js"),
    GUEST_SCRIPT: JSON.stringify("guest-test.js"),
    PREVIEW_SCRIPT: JSON.stringify("preview-test.js"),
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
});
