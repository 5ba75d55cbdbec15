import { render } from "preact";
import "../ui/ui.css";
import "./app.css";
import { startShortcuts } from "../core/commands";
import { startLanguage } from "../core/preferredLanguage";
import { startRouter } from "../core/router";
import { App } from "./App";
import { startGuard } from "./routes";
import { prefetch } from "./start";

/** When the texts can't be fetched, the page is loaded anew after so many milliseconds. */
const RELOAD_MS = 3000;

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
    () => setTimeout(() => location.reload(), RELOAD_MS),
  );
}
