/** Origin of the API: the page's `<meta name="foyer-api">`, or its own. */
export const apiOrigin =
  document.querySelector<HTMLMetaElement>('meta[name="foyer-api"]')?.content.replace(/\/$/u, "") ??
  "";
