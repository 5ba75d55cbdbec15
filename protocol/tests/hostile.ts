/** Texts that break grammars: at random, and such as take careless ones time or depth. */

export type Random = <T>(choices: T[]) => T;

/** The same choices for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
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

const fill = (piece: string) => (length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** By name, a text of as many characters as asked for. */
export const HOSTILE: Record<string, (length: number) => string> = {
  "code spans": fill("`a` "),
  "opening brackets": fill("["),
  stars: fill("*"),
  "words with stars": fill("*a "),
  "words with two stars": fill("**a"),
  underscores: fill("_"),
  "opening marks of every kind": fill("*a _b **c ~~d "),
  "stars around no words": (length) => `*- -${fill("* -")(length)}`.slice(0, length),
  "escaped stars": fill("\\*"),
  backticks: fill("`"),
  "backticks in runs of every length": (length) => {
    let text = "";
    for (let run = 1; text.length < length; run++) text += `${"`".repeat(run)} `;
    return text.slice(0, length);
  },
  "targets without words": fill("]("),
  "links in each other's targets": fill("[]([]("),
  "links with words in each other's targets": fill("[a]([a]("),
  "addresses in each other's targets": fill("[a](https://b("),
  "mailboxes in each other's targets": fill("[a](mailto:b@c["),
  "targets that close, in each other": (length) =>
    fill("[](mailto:b@c")((length / 14) * 13) + ")".repeat(length / 14),
  "targets around many brackets": (length) =>
    fill("[a](mailto:b@c(")(length / 2) + fill("[")(length / 2),
  "links that never close": fill("[a](https://b"),
  links: fill("[a](https://b.cd) "),
  "brackets around many targets": (length) =>
    "[".repeat(length / 2) + fill("](https://a.bc)")(length / 2),
  "links whose words are addresses": fill("[b.cd](https://e.fg)"),
  "one word": fill("a"),
  "line breaks": (length) => `a${fill("\n")(length - 2)}b`,
  lines: fill("a\n"),
  "less-than signs": fill("<"),
  "www without an end": fill("www."),
  addresses: fill("https://a.b "),
  "an address of brackets": (length) => `https://a.b/${fill("(")(length)}`.slice(0, length),
  "an address with dots": (length) => `https://a${fill(".")(length - 10)}a`,
  "a Cyrillic address": (length) => `https://${fill("я")(length - 8)}`,
  "at signs": fill("a@"),
  mailboxes: fill("a@b.cd "),
  "a mailbox with a long name": (length) => `${fill("a.")(length - 8)}@b.example`,
  "quotes in quotes": fill("> "),
  "many quotes": fill("> a\n"),
  "deep quotes": fill(`${"> ".repeat(40)}a\n`),
  "lists in lists": fill("- "),
  "many items": fill("1. a\n"),
  "items with space between": fill("- a\n\n"),
  "ever deeper items": (length) => {
    let text = "";
    for (let depth = 0; text.length < length; depth++) text += `${" ".repeat(depth)}- a\n`;
    return text.slice(0, length);
  },
  fences: fill("```\na\n"),
  "fences behind words": fill("x ``` y\n"),
  "longer and longer fences behind words": (length) => {
    let text = "";
    for (let run = 90; run > 3; run--) text += `x ${"`".repeat(run)} y\n`;
    return text + fill("a\n")(length - text.length);
  },
  "an item with blank lines": (length) => `- a${fill(" \n")(length - 3)}`,
  spaces: (length) => `a${fill(" ")(length - 2)}b`,
  tabs: (length) => `${fill("\t")(length - 3)}- a`,
};
