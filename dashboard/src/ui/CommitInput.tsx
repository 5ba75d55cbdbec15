import { isComposing } from "@foyer/protocol/keys";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Input, Textarea } from "./Field";

interface CommitInputProps {
  label: string;
  /** Stands beside the label: whose word the value is. */
  mark?: ComponentChildren;
  hint?: string | undefined;
  /** The value that is kept. */
  value: string;
  type?: "text" | "email" | "tel";
  lines?: number;
  maxLength?: number;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  error?: string | null | undefined;
  onCommit: (value: string) => void;
}

/** A text that is saved when one leaves the field or presses Enter; Escape takes it back. */
export function CommitInput(props: CommitInputProps) {
  const { value, lines, required, onCommit, ...rest } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => {
    const next = text.trim();
    if (next === value.trim() || (required && !next)) return setText(value);
    onCommit(next);
  };
  const inputProps = {
    ...rest,
    value: text,
    dir: "auto" as const,
    onBlur: commit,
    onKeyDown: (event: KeyboardEvent) => {
      if (isComposing(event)) return;
      if (event.key === "Escape") setText(value);
      if (event.key === "Enter" && !lines) commit();
    },
  };
  const read = (event: Event) => setText((event.currentTarget as HTMLInputElement).value);
  if (lines) {
    const { type: _, mark: __, ...area } = inputProps;
    return <Textarea {...area} rows={lines} onInput={read} />;
  }
  return <Input {...inputProps} onInput={read} />;
}
