/** Texts that break grammars: at random, and such as take careless ones time or depth. */

export type Random = <T>(choices: T[]) => T;

/** The same choices for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return choices[Math.floor(fraction * choices.length)] as (typeof choices)[number];
  };
}

const PIECES = [
  ..."*_~`[]()<>\"'\\|-•>#:.,;!?/@ \n\t0179aé你م",
  ..."ab xy",
  "**",
  "***",
  "__",
  "~~",
  "``",
  "```",
  "```js\n",
  "\n```\n",
  "\n\n",
  "\n- ",
  "\n  - ",
  "\n1. ",
  "\n12) ",
  "\n> ",
  "](",
  "\\*",
  "\\[",
  "https://",
  "https://a.example/x_(y)",
  "www.b.example",
  "[b.example](https://c.example)",
  "[words](https://d.example/e)",
  "me@f.example",
  "😀",
  "。",
  "）",
  "\u200b",
  "\u202e",
  "\r\n",
];

export function anyText(random: Random): string {
  const length = random([3, 8, 20, 60]);
  return Array.from({ length }, () => random(PIECES)).join("");
}

const filled = (piece: string) => (length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** By name, a text of as many characters as asked for. */
export const HOSTILE: Record<string, (length: number) => string> = {
  "code spans": filled("`a` "),
  "opening brackets": filled("["),
  stars: filled("*"),
  "words with stars": filled("*a "),
  "words with two stars": filled("**a"),
  underscores: filled("_"),
  "opening marks of every kind": filled("*a _b **c ~~d "),
  "stars around no words": (length) => `*- -${filled("* -")(length)}`.slice(0, length),
  "escaped stars": filled("\\*"),
  backticks: filled("`"),
  "backticks in runs of every length": (length) => {
    let text = "";
    for (let run = 1; text.length < length; run++) text += `${"`".repeat(run)} `;
    return text.slice(0, length);
  },
  "targets without words": filled("]("),
  "links in each other's targets": filled("[]([]("),
  "links with words in each other's targets": filled("[a]([a]("),
  "addresses in each other's targets": filled("[a](https://b("),
  "mailboxes in each other's targets": filled("[a](mailto:b@c["),
  "targets that close, in each other": (length) =>
    filled("[](mailto:b@c")((length / 14) * 13) + ")".repeat(length / 14),
  "targets around many brackets": (length) =>
    filled("[a](mailto:b@c(")(length / 2) + filled("[")(length / 2),
  "links that never close": filled("[a](https://b"),
  links: filled("[a](https://b.cd) "),
  "brackets around many targets": (length) =>
    "[".repeat(length / 2) + filled("](https://a.bc)")(length / 2),
  "links whose words are addresses": filled("[b.cd](https://e.fg)"),
  "one word": filled("a"),
  "line breaks": (length) => `a${filled("\n")(length - 2)}b`,
  lines: filled("a\n"),
  "less-than signs": filled("<"),
  "www without an end": filled("www."),
  addresses: filled("https://a.b "),
  "an address of brackets": (length) => `https://a.b/${filled("(")(length)}`.slice(0, length),
  "an address with dots": (length) => `https://a${filled(".")(length - 10)}a`,
  "a Cyrillic address": (length) => `https://${filled("я")(length - 8)}`,
  "at signs": filled("a@"),
  mailboxes: filled("a@b.cd "),
  "a mailbox with a long name": (length) => `${filled("a.")(length - 8)}@b.example`,
  "quotes in quotes": filled("> "),
  "many quotes": filled("> a\n"),
  "deep quotes": filled(`${"> ".repeat(40)}a\n`),
  "lists in lists": filled("- "),
  "many items": filled("1. a\n"),
  "items with space between": filled("- a\n\n"),
  "ever deeper items": (length) => {
    let text = "";
    for (let depth = 0; text.length < length; depth++) text += `${" ".repeat(depth)}- a\n`;
    return text.slice(0, length);
  },
  fences: filled("```\na\n"),
  "fences behind words": filled("x ``` y\n"),
  "longer and longer fences behind words": (length) => {
    let text = "";
    for (let run = 90; run > 3; run--) text += `x ${"`".repeat(run)} y\n`;
    return text + filled("a\n")(length - text.length);
  },
  "an item with blank lines": (length) => `- a${filled(" \n")(length - 3)}`,
  spaces: (length) => `a${filled(" ")(length - 2)}b`,
  tabs: (length) => `${filled("\t")(length - 3)}- a`,
};
