import type {
  ComponentChildren,
  InputHTMLAttributes,
  Ref,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from "preact";
import { useId } from "preact/hooks";
import { classes } from "./classes";

interface FieldProps {
  label: string;
  /** Stands beside the label. */
  mark?: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  /** Keep the label for screen readers only, where the context already says it. */
  hideLabel?: boolean;
  class?: string;
  /** Draws the control with the ids that tie it to its label, hint and error. */
  children: (ids: ControlIds) => ComponentChildren;
}

interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

/** A labelled control with its hint and its error in one fixed order. */
export function Field({ label, mark, hint, error, hideLabel, class: extra, children }: FieldProps) {
  const id = useId();
  const note = error || hint ? `${id}-note` : undefined;
  const labelElement = (
    <label for={id} class={hideLabel ? "visually-hidden" : "field-label"}>
      {label}
    </label>
  );
  return (
    <div class={classes("field", extra)}>
      {mark ? (
        <span class="field-head">
          {labelElement} {mark}
        </span>
      ) : (
        labelElement
      )}
      {children({ id, "aria-describedby": note, "aria-invalid": error ? "true" : undefined })}
      {(error || hint) && (
        <p
          id={note}
          class={error ? "field-error" : "field-hint"}
          role={error ? "alert" : undefined}
        >
          {error || hint}
        </p>
      )}
    </div>
  );
}

type LabelProps = Pick<FieldProps, "label" | "mark" | "hint" | "error" | "hideLabel">;

interface InputProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "label" | "class" | "ref">,
    LabelProps {
  ref?: Ref<HTMLInputElement>;
  class?: string;
}

export function Input({
  label,
  mark,
  hint,
  error,
  hideLabel,
  class: extra,
  ...native
}: InputProps) {
  return (
    <Field
      label={label}
      mark={mark}
      hint={hint}
      error={error}
      hideLabel={hideLabel ?? false}
      class={extra ?? ""}
    >
      {(ids) => <input class="input" {...(native as object)} {...ids} />}
    </Field>
  );
}

interface TextareaProps
  extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "label" | "class">,
    LabelProps {}

export function Textarea({ label, hint, error, hideLabel, ...native }: TextareaProps) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(ids) => <textarea class="input textarea" {...native} {...ids} />}
    </Field>
  );
}

interface SelectProps
  extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "label" | "class">,
    LabelProps {
  options: readonly { value: string; label: string }[];
}

/** The native select: the platform's own keyboard, touch and screen reader behaviour. */
export function Select({ label, hint, error, hideLabel, options, ...native }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(ids) => (
        <select class="input select" {...(native as object)} {...ids}>
          {options.map((option) => (
            <option
              key={option.value}
              value={option.value}
              selected={option.value === native.value}
            >
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** An on/off setting that takes effect at once. */
export function Switch({ label, hint, checked, disabled, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <label for={id} class="field-label">
          {label}
        </label>
        {hint && (
          <p class="field-hint" id={`${id}-note`}>
            {hint}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}

interface DateTimeProps {
  label: string;
  hint?: string;
  error?: string | null;
  /** Wall time as the browser writes it: `2026-03-01T09:00`. */
  value: string;
  min?: string;
  onChange: (value: string) => void;
}

/** Date and time by the platform's own picker; the caller decides which zone the wall time is in. */
export function DateTimePicker({ label, hint, error, value, min, onChange }: DateTimeProps) {
  return (
    <Input
      type="datetime-local"
      label={label}
      hint={hint}
      error={error}
      value={value}
      min={min}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}
