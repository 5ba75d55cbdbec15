/** What draws the page, once the first file has asked for it. */

import { render } from "preact";
import { startShortcuts } from "../core/commands";
import { startLanguage } from "../core/preferredLanguage";
import { startRouter } from "../core/router";
import { App } from "./App";
import { startGuard } from "./guard";
import { loadFirstPage } from "./start";

/** Begin what goes on by itself. Resolves once the texts that every page has are here. */
export async function startPage(): Promise<void> {
  startRouter();
  startGuard();
  startShortcuts();
  const languageLoading = startLanguage();
  loadFirstPage();
  await languageLoading;
}

export function renderApp(root: HTMLElement): void {
  render(<App />, root);
}
