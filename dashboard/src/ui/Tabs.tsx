import { useRef } from "preact/hooks";
import { classes } from "./classes";
import { isRtl } from "./direction";

interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly {
    value: Value;
    label: string;
    /** Null while it isn't known: its place is kept. */
    count?: number | null | undefined;
    /** The whole label, where it may be cut. */
    tip?: string;
  }[];
  onChange: (value: Value) => void;
  /** Whether long labels give way, instead of scrolling on. */
  isFitted?: boolean;
}

/** One choice of a few, side by side: a radio group by nature, moved through with the arrows. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const { label, value, options, onChange, isFitted } = props;
  const group = useRef<HTMLDivElement>(null);
  const move = (step: number) => {
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (!option) return;
    onChange(option.value);
    group.current?.querySelectorAll<HTMLElement>("button")[next]?.focus();
  };
  return (
    <div
      ref={group}
      class={classes("tabs", isFitted && "tabs-fitted")}
      role="radiogroup"
      aria-label={label}
    >
      {options.map((option) => {
        const current = option.value === value;
        return (
          // biome-ignore lint/a11y/useSemanticElements: buttons let the chosen tab be pressed again to reload
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={current}
            tabIndex={current ? 0 : -1}
            class={classes("tab", current && "is-current")}
            data-tip={option.tip}
            onClick={() => onChange(option.value)}
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              if (step === undefined) return;
              event.preventDefault();
              move(isRtl(event.currentTarget) ? -step : step);
            }}
          >
            <span class="tab-label">
              <bdi>{option.label}</bdi>
            </span>
            {option.count !== undefined && <span class="tab-count">{option.count}</span>}
          </button>
        );
      })}
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
