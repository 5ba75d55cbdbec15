import { apiOrigin } from "./origin";

/** A page that carries nothing but the widget, for writing to oneself. */
export function testPage(widgetKey: string): string {
  const query = new URLSearchParams({ key: widgetKey, ...(apiOrigin ? { api: apiOrigin } : {}) });
  return `/test-page.html?${query}`;
}
