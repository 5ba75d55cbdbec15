import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { explain, fieldErrors } from "./problems";

/** Sends a form once at a time and keeps what the server said against it, field by field. */
export function useForm(
  send: () => Promise<void>,
  check: () => Record<string, string | undefined> = () => ({}),
) {
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string | undefined>>({});
  const [failure, setFailure] = useState<string | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget as HTMLFormElement;
    const problems = check();
    setErrors(problems);
    setFailure(null);
    if (Object.keys(problems).length > 0) return focusFirst(form);
    setBusy(true);
    try {
      await send();
    } catch (error) {
      const fields = fieldErrors(error);
      setErrors(fields);
      const isFieldShown = Object.keys(fields).some((name) => form.elements.namedItem(name));
      setFailure(isFieldShown ? null : explain(error));
      focusFirst(form);
    } finally {
      setBusy(false);
    }
  };
  return { busy, errors, failure, submit };
}

function focusFirst(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** What is wrong with an address that was typed, as the form's `email`; nothing where it may be one. */
export function checkEmail(text: string): { email?: string } {
  if (!text.trim()) return { email: common.form.required };
  return /^[^\s@]+@[^\s@]+$/u.test(text.trim()) ? {} : { email: common.form.emailWrong };
}
