import { Smile } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadWithTexts } from "../core/messages";
import { explainMissing } from "../core/release";
import { IconButton } from "../ui/Button";
import { Popover } from "../ui/Popover";
import { toast } from "../ui/Toast";
import type EmojiPicker from "./EmojiPicker";
import { m } from "./messages";

/** Opens the emoji, which are fetched for that. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [Picker, setPicker] = useState<typeof EmojiPicker | null>(null);
  useEffect(() => {
    if (!open || Picker) return;
    loadWithTexts(import("./EmojiPicker")).then(
      (loaded) => setPicker(() => loaded.default),
      async () => {
        setOpen(false);
        toast({ text: await explainMissing(), tone: "danger" });
      },
    );
  }, [open]);
  return (
    <>
      <IconButton
        ref={anchor}
        icon={Smile}
        label={m.composer.emoji}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && Picker && (
        <Popover anchor={anchor} side="top-start" onClose={() => setOpen(false)}>
          <Picker
            onPick={(emoji) => {
              setOpen(false);
              onPick(emoji);
            }}
          />
        </Popover>
      )}
    </>
  );
}
