import { render } from "preact";
import "../ui/ui.css";
import "./app.css";
import "./page.css";
import "../auth/auth.css";
import "../conversations/conversations.css";
import { startShortcuts } from "../core/commands";
import { startLanguage } from "../core/preferred";
import { startRouter } from "../core/router";
import { App } from "./App";

/** When the texts can't be fetched, the page is loaded anew after so many milliseconds. */
const AGAIN_MS = 3000;

const root = document.getElementById("app");
if (root) {
  startRouter();
  startShortcuts();
  startLanguage().then(
    () => render(<App />, root),
    // After an update the files of the former one are gone.
    () => setTimeout(() => location.reload(), AGAIN_MS),
  );
}
