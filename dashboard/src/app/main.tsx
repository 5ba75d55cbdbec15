import { render } from "preact";
import "../ui/ui.css";
import "./app.css";
import "./page.css";
import "../auth/auth.css";
import "../conversations/conversations.css";
import { App } from "./App";
import { startShortcuts } from "./commands";
import { startRouter } from "./router";

const root = document.getElementById("app");
if (root) {
  startRouter();
  startShortcuts();
  render(<App />, root);
}
