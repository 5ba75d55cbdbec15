import { isComposing } from "@foyer/protocol/keys";
import type { IconNode } from "lucide";
import { Search } from "lucide";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { classes } from "./classes";
import { Modal } from "./Dialog";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";
import { rank } from "./match";

export interface PaletteItem {
  id: string;
  label: string;
  group?: string;
  icon?: IconNode | undefined;
  note?: string | undefined;
  keys?: string | undefined;
  /** More words by which it is found. */
  keywords?: string | undefined;
  run: () => void;
}

interface PaletteProps {
  label: string;
  placeholder: string;
  emptyText: string;
  items: readonly PaletteItem[];
  /** Looks further away for what is typed; its items stand after the local ones. */
  search?: ((query: string, signal: AbortSignal) => Promise<readonly PaletteItem[]>) | undefined;
  onClose: () => void;
}

const SEARCH_DELAY_MS = 160;
const MAX_ITEMS = 50;

/** Type to narrow, arrows to move, Enter to run: a combobox with a listbox in a modal layer. */
export function CommandPalette({
  label,
  placeholder,
  emptyText,
  items,
  search,
  onClose,
}: PaletteProps) {
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const results = useSearch(query, search);
  const visible = useMemo(() => {
    const matches = rank(items, query, (item) => `${item.label} ${item.keywords ?? ""}`);
    const known = new Set(matches.map((item) => item.id));
    return [...matches, ...results.filter((item) => !known.has(item.id))].slice(0, MAX_ITEMS);
  }, [items, query, results]);
  const current = Math.min(at, visible.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[data-at="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current, visible]);

  const run = (item: PaletteItem | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && visible.length > 0) {
      event.preventDefault();
      setAt((current + step + visible.length) % visible.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(visible[current]);
    }
  };

  return (
    <Modal label={label} class="palette" onClose={onClose}>
      <div class="palette-input">
        <Icon of={Search} />
        <input
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={visible[current] ? `${listId}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder={placeholder}
          value={query}
          dir="auto"
          spellcheck={false}
          autocomplete="off"
          onKeyDown={onKeyDown}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
        />
      </div>
      <div
        ref={list}
        id={listId}
        class="palette-list"
        role="listbox"
        aria-label={label}
        tabIndex={-1}
      >
        {visible.map((item, index) => (
          <PaletteLine
            key={item.id}
            item={item}
            id={`${listId}-${index}`}
            at={index}
            heading={item.group !== visible[index - 1]?.group ? item.group : undefined}
            current={index === current}
            onPoint={() => setAt(index)}
            onRun={() => run(item)}
          />
        ))}
      </div>
      {visible.length === 0 && (
        <p class="palette-empty" role="status">
          {emptyText}
        </p>
      )}
    </Modal>
  );
}

interface LineProps {
  item: PaletteItem;
  id: string;
  at: number;
  heading: string | undefined;
  current: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function PaletteLine({ item, id, at, heading, current, onPoint, onRun }: LineProps) {
  return (
    <>
      {heading && (
        <div class="palette-heading" role="presentation">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above holds the focus and the keys */}
      <div
        id={id}
        data-at={at}
        class={classes("palette-item", current && "is-current")}
        role="option"
        tabIndex={-1}
        aria-selected={current}
        onPointerMove={onPoint}
        onClick={onRun}
      >
        {item.icon && <Icon of={item.icon} />}
        <span class="palette-label" dir="auto">
          {item.label}
        </span>
        {item.note && (
          <span class="palette-note" dir="auto">
            {item.note}
          </span>
        )}
        {item.keys && <Kbd keys={item.keys} />}
      </div>
    </>
  );
}

function useSearch(query: string, search: PaletteProps["search"]): readonly PaletteItem[] {
  const [results, setResults] = useState<readonly PaletteItem[]>([]);
  useEffect(() => {
    setResults([]);
    if (!search || query.trim().length < 2) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      search(query.trim(), controller.signal).then(
        (items) => !controller.signal.aborted && setResults(items),
        () => undefined, // the local items stay usable; a failed look-up adds nothing
      );
    }, SEARCH_DELAY_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [query]);
  return results;
}
