import { render } from "preact";
import "../ui/ui.css";
import "./app.css";
import "./page.css";
import "../auth/auth.css";
import "../conversations/conversations.css";
import { startShortcuts } from "../core/commands";
import { startRouter } from "../core/router";
import { App } from "./App";

const root = document.getElementById("app");
if (root) {
  startRouter();
  startShortcuts();
  render(<App />, root);
}
