import { useEffect, useState } from "preact/hooks";
import { Field } from "../ui/Field";

interface ColourFieldProps {
  label: string;
  hint: string;
  /** `#rrggbb` */
  value: string;
  onCommit: (value: string) => void;
}

/** The platform's colour picker beside the value itself, which may be pasted. */
export function ColourField({ label, hint, value, onCommit }: ColourFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (next: string) => {
    const colour = next.trim().toLowerCase();
    const whole = colour.startsWith("#") ? colour : `#${colour}`;
    if (!/^#[0-9a-f]{6}$/u.test(whole)) return setText(value);
    if (whole !== value.toLowerCase()) onCommit(whole);
  };
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <div class="colour">
          <input
            type="color"
            class="colour-well"
            aria-label={label}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onChange={(event) => commit(event.currentTarget.value)}
          />
          <input
            {...ids}
            class="input numeric"
            value={text}
            maxLength={7}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={() => commit(text)}
            onKeyDown={(event) => event.key === "Enter" && commit(text)}
          />
        </div>
      )}
    </Field>
  );
}
