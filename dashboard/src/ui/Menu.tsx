import type { IconNode } from "lucide";
import { Check } from "lucide";
import type { ComponentChildren, Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { classes } from "./classes";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";
import { Popover, type Side } from "./Popover";

export interface MenuAction {
  label: string;
  icon?: IconNode | undefined;
  /** Said quietly at the end of the line: a time, a role. */
  note?: string | undefined;
  keys?: string | undefined;
  checked?: boolean | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  run: () => void;
}

export type MenuEntry = MenuAction | { heading: string } | "separator";

interface MenuProps {
  label: string;
  entries: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  side?: Side;
  /** Draws the button; spread the given attributes on it. */
  trigger: (attributes: TriggerAttributes) => ComponentChildren;
  class?: string;
}

export interface TriggerAttributes {
  ref: Ref<HTMLButtonElement>;
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  onClick: () => void;
}

const isAction = (entry: MenuEntry): entry is MenuAction =>
  typeof entry === "object" && "run" in entry;

/** A button that opens a menu: arrows move, letters jump, Enter runs, Escape goes back. */
export function Menu({ label, entries, side = "bottom-start", trigger, class: extra }: MenuProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      {trigger({
        ref: anchor,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        onClick: () => setOpen(!open),
      })}
      {open && (
        <Popover anchor={anchor} side={side} onClose={close} class={classes("menu-panel", extra)}>
          <MenuList
            label={label}
            entries={typeof entries === "function" ? entries() : entries}
            onDone={() => {
              anchor.current?.focus({ preventScroll: true });
              close();
            }}
          />
        </Popover>
      )}
    </>
  );
}

interface MenuListProps {
  label: string;
  entries: readonly MenuEntry[];
  onDone: () => void;
}

function MenuList({ label, entries, onDone }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => itemsOf(list.current)[0]?.focus(), []);
  const act = (action: MenuAction) => {
    onDone();
    action.run();
  };
  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Tab") onDone();
        const next = nextItem(itemsOf(list.current), document.activeElement, event.key);
        if (!next) {
          if (event.key === "Escape") onDone();
          return;
        }
        event.preventDefault();
        next.focus();
      }}
    >
      {entries.map((entry, index) =>
        isAction(entry) ? (
          <MenuItem key={entry.label} action={entry} onRun={() => act(entry)} />
        ) : entry === "separator" ? (
          <hr key={`separator-${index}`} class="menu-separator" />
        ) : (
          <div key={entry.heading} class="menu-heading" role="presentation">
            {entry.heading}
          </div>
        ),
      )}
    </div>
  );
}

function MenuItem({ action, onRun }: { action: MenuAction; onRun: () => void }) {
  const isChoice = action.checked !== undefined;
  const kind = isChoice
    ? { role: "menuitemradio", "aria-checked": action.checked }
    : { role: "menuitem" };
  return (
    <button
      type="button"
      {...(kind as object)}
      class={classes("menu-item", action.danger && "is-danger")}
      tabIndex={-1}
      disabled={action.disabled}
      onClick={onRun}
      onPointerMove={(event) => event.currentTarget.focus()}
    >
      {isChoice ? (
        <span class="menu-check">{action.checked && <Icon of={Check} />}</span>
      ) : (
        action.icon && <Icon of={action.icon} />
      )}
      <span class="menu-label" dir="auto">
        {action.label}
      </span>
      {action.note && <span class="menu-note">{action.note}</span>}
      {action.keys && <Kbd keys={action.keys} />}
    </button>
  );
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return list ? [...list.querySelectorAll<HTMLElement>("button:not(:disabled)")] : [];
}

/** The item a key moves to: arrows wrap around, Home and End jump, a letter finds its line. */
export function nextItem(
  items: readonly HTMLElement[],
  current: Element | null,
  key: string,
): HTMLElement | undefined {
  const at = items.indexOf(current as HTMLElement);
  const count = items.length;
  if (key === "ArrowDown") return items[(at + 1) % count];
  if (key === "ArrowUp") return items[(at - 1 + count) % count];
  if (key === "Home") return items[0];
  if (key === "End") return items[count - 1];
  if (key.length !== 1 || key === " ") return undefined;
  const letter = key.toLowerCase();
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return order.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter));
}
