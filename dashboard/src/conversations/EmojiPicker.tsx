import { isComposing } from "@foyer/protocol/keys";
import { useEffect, useRef, useState } from "preact/hooks";
import { isRtl } from "../ui/direction";
import { rank } from "../ui/match";
import { listEmoji } from "./emoji";
import { m } from "./messages";

const COLUMNS = 8;
const MOVES: Record<string, number> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: COLUMNS,
  ArrowUp: -COLUMNS,
};

/** Search, or move through the grid with the arrows. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const matches = rank(listEmoji(), query, (one) => one.words);
  useEffect(() => search.current?.focus(), []);

  const cells = () => [...(grid.current?.querySelectorAll("button") ?? [])];
  const move = (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    const by = step && Math.abs(step) === 1 && isRtl(event.currentTarget as Element) ? -step : step;
    const all = cells();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    if (by === undefined || at < 0) return;
    event.preventDefault();
    const next = all[at + by];
    if (next) next.focus();
    else if (by < 0) search.current?.focus();
  };
  return (
    <div class="emoji" role="dialog" aria-label={m.composer.emoji}>
      <input
        ref={search}
        class="input"
        type="search"
        aria-label={m.composer.emojiSearch}
        placeholder={m.composer.emojiSearch}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = matches[0];
          if (isComposing(event)) return;
          if (event.key === "ArrowDown") {
            event.preventDefault();
            cells()[0]?.focus();
          } else if (event.key === "Enter" && first) {
            event.preventDefault();
            onPick(first.symbol);
          }
        }}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys between the buttons inside */}
      <div ref={grid} class="emoji-grid" onKeyDown={move}>
        {matches.map(({ symbol, words }, index) => (
          <button
            key={symbol}
            type="button"
            class="emoji-cell"
            aria-label={words}
            title={words}
            tabIndex={index === 0 ? 0 : -1}
            onClick={() => onPick(symbol)}
          >
            {symbol}
          </button>
        ))}
      </div>
    </div>
  );
}
