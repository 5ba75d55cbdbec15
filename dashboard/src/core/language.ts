/** "German (Austria)" for "de-AT"; the tag itself where the browser doesn't know it. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
