/**
 * The first file that runs, and a small one: the browser gets it long before what draws, and so asks
 * at once for everything that this page needs.
 */

import "../ui/ui.css";
import "./app.css";
import { prefetch } from "./prefetch";

/** When what draws can't be fetched, the page is loaded anew after so many milliseconds, then more. */
const RELOAD_MS = 3_000;
const LONG_RELOAD_MS = 30_000;

const root = document.getElementById("app");
if (root) {
  prefetch();
  import("./begin")
    .then(async ({ startPage, renderApp }) => {
      await startPage();
      return renderApp;
    })
    .then(
      (draw) => draw(root),
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
