/** Lower case without accents, so that "emile" finds "Émile". */
export function normalize(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * How well `query` fits `text`: 0 is no fit, higher is better. Every word of the query must be
 * there; the start of the text beats the start of a word, which beats the middle of one.
 */
export function score(text: string, query: string): number {
  const words = normalize(query).split(/\s+/u).filter(Boolean);
  const target = normalize(text);
  let sum = 1;
  for (const word of words) {
    const at = target.indexOf(word);
    if (at < 0) return 0;
    sum +=
      at === 0
        ? 4
        : new RegExp(`(^|[^\\p{L}\\p{N}])${escapeRegExp(word)}`, "u").test(target)
          ? 2
          : 1;
  }
  return sum;
}

/** The items that fit, best first; those that fit equally keep their order. */
export function rank<Item>(
  items: readonly Item[],
  query: string,
  textOf: (item: Item) => string,
): Item[] {
  if (!query.trim()) return [...items];
  return items
    .map((item) => ({ item, rankScore: score(textOf(item), query) }))
    .filter(({ rankScore }) => rankScore > 0)
    .sort((a, b) => b.rankScore - a.rankScore)
    .map(({ item }) => item);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
