/** A message's text without the marks of its Markdown: for previews. */
export function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\(\S+\)/g, "$1").replace(/\*\*|`+|^[-*•] /gm, "");
}
