/** A page that carries nothing but the widget, for writing to oneself. */

import { effect } from "@preact/signals";
import { common, language } from "./messages";
import { apiOrigin } from "./origin";

/** Where the page finds what to say: it is a file of its own, and loads nothing of the dashboard. */
const KEY = "foyer.test-page";

export function testPageUrl(widgetKey: string): string {
  const query = new URLSearchParams({ key: widgetKey, ...(apiOrigin ? { api: apiOrigin } : {}) });
  return `/test-page.html?${query}`;
}

effect(() => {
  if (!language.value) return;
  const { lang, dir } = document.documentElement;
  try {
    localStorage.setItem(KEY, JSON.stringify({ lang, dir, ...common.testPage }));
  } catch {
    // without storage the page speaks English
  }
});
