import { Check, Copy } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { m } from "../app/messages.en";
import { IconButton } from "../ui/Button";

interface CopyButtonProps {
  label: string;
  value: string;
  onCopied?: () => void;
}

/** Puts a value on the clipboard and says that it did. */
export function CopyButton({ label, value, onCopied }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? m.app.copied : label}
        onClick={() => void copy()}
      />
      <span class="visually-hidden" role="status">
        {copied ? m.app.copied : ""}
      </span>
    </>
  );
}
