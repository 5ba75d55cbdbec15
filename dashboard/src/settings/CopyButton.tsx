import { Check, Copy } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { common } from "../core/messages";
import { IconButton } from "../ui/Button";

interface CopyButtonProps {
  label: string;
  value: string;
  onCopied?: () => void;
}

/** Browsers offer `navigator.clipboard` on secure origins only; the old way works everywhere. */
async function toClipboard(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  const area = document.createElement("textarea");
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Puts a value on the clipboard and says that it did. */
export function CopyButton({ label, value, onCopied }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await toClipboard(value);
    setCopied(true);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? common.copied : label}
        onClick={() => void copy()}
      />
      <span class="visually-hidden" role="status">
        {copied ? common.copied : ""}
      </span>
    </>
  );
}
