import { useRef } from "preact/hooks";
import { classes } from "./classes";
import { isRtl } from "./direction";

interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; count?: number | undefined }[];
  onChange: (value: Value) => void;
}

/** One choice of a few, side by side: a radio group by nature, moved through with the arrows. */
export function Tabs<Value extends string>({ label, value, options, onChange }: TabsProps<Value>) {
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
    <div ref={group} class="tabs" role="radiogroup" aria-label={label}>
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
            onClick={() => onChange(option.value)}
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              if (step === undefined) return;
              event.preventDefault();
              move(isRtl(event.currentTarget) ? -step : step);
            }}
          >
            {option.label}
            {option.count !== undefined && <span class="tab-count">{option.count}</span>}
          </button>
        );
      })}
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
