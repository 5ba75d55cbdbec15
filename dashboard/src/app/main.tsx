import { render } from "preact";
import "../ui/ui.css";
import "./app.css";
import { startShortcuts } from "../core/commands";
import { startLanguage } from "../core/preferredLanguage";
import { startRouter } from "../core/router";
import { App } from "./App";
import { startGuard } from "./routes";
import { prefetch } from "./start";

/** When no texts can be fetched, the page is loaded anew after so many milliseconds, then more. */
const RELOAD_MS = 3_000;
const LONG_RELOAD_MS = 30_000;

const root = document.getElementById("app");
if (root) {
  startRouter();
  startGuard();
  startShortcuts();
  const languageLoading = startLanguage();
  prefetch();
  languageLoading.then(
    () => render(<App />, root),
    // After an update the files of the former one are gone.
    () => reloadLater(root),
  );
}

/** Says so, in English for want of texts. A page that was loaded anew already waits longer. */
function reloadLater(root: HTMLElement): void {
  root.textContent = "Foyer can't be loaded just now. It tries again by itself.";
  const [loading] = performance.getEntriesByType("navigation");
  const isReload = loading instanceof PerformanceNavigationTiming && loading.type === "reload";
  setTimeout(() => location.reload(), isReload ? LONG_RELOAD_MS : RELOAD_MS);
}
