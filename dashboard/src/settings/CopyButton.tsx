import { Check, Copy } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { common } from "../core/messages";
import { IconButton } from "../ui/Button";

interface CopyButtonProps {
  label: string;
  value: string;
  onCopy?: () => void;
}

/** Browsers offer `navigator.clipboard` on secure origins only; the old way works everywhere. */
async function copyToClipboard(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  const area = document.createElement("textarea");
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Puts a value on the clipboard and says that it did. */
export function CopyButton({ label, value, onCopy }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await copyToClipboard(value);
    setIsCopied(true);
    onCopy?.();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setIsCopied(false), 2000);
  };
  return (
    <>
      <IconButton
        icon={isCopied ? Check : Copy}
        label={isCopied ? common.copied : label}
        onClick={() => void copy()}
      />
      <span class="visually-hidden" role="status">
        {isCopied ? common.copied : ""}
      </span>
    </>
  );
}
