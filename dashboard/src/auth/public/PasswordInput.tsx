import { Eye, EyeOff } from "lucide";
import { useState } from "preact/hooks";
import { IconButton } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { m } from "./messages";
import "./password.css";

interface PasswordInputProps {
  label: string;
  name: string;
  value: string;
  autocomplete: "current-password" | "new-password";
  hint?: string;
  error?: string | null | undefined;
  onChange: (value: string) => void;
}

/** A password that can be shown while it is typed, instead of being asked for twice. */
export function PasswordInput(props: PasswordInputProps) {
  const { label, name, value, autocomplete, hint, error, onChange } = props;
  const [isVisible, setIsVisible] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <div class="password">
          <input
            {...ids}
            {...({ type: isVisible ? "text" : "password" } as object)}
            class="input"
            name={name}
            value={value}
            autocomplete={autocomplete}
            spellcheck={false}
            required
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          <IconButton
            size="small"
            icon={isVisible ? EyeOff : Eye}
            label={isVisible ? m.hide : m.show}
            onClick={() => setIsVisible(!isVisible)}
          />
        </div>
      )}
    </Field>
  );
}
