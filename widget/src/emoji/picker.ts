/** A small emoji picker: one tab stop, arrow keys, Escape. Loaded when it is first asked for. */

import { focus } from "./parts.tsx";
import css from "./styles/emoji.css?inline";
import { t } from "./words.ts";

const EMOJI =
  "😀 😁 😂 🤣 😊 😇 🙂 🙃 😉 😍 😘 😋 😜 🤪 🤗 🤔 🤨 😐 🙄 😏 😬 😌 😴 😷 🤒 🤯 🥳 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 💩 👋 👍 👎 👌 🤞 🤙 👏 🙌 🙏 💪 👀 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ ⭐ 🔥 🎉 🎁 🎂 🏆 🚀 💡 ⚡ ☀️ 🌈 🌍 🍀 🌹 🐶 🐱 🍕 🍔 🍎 ☕ 🍺 ⚽ 🎵 📷 📞 💻 📦 📅 📎 🔒 🔑 💳 🛒 🐛 ✅ ❌ ❓ ❗ ⏰".split(
    " ",
  );
const COLUMNS = 8;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);

function move(event: KeyboardEvent, onClose: () => void) {
  const buttons = [...((event.currentTarget as Element).children as HTMLCollectionOf<HTMLElement>)];
  const sign = document.documentElement.dir === "rtl" ? -1 : 1;
  const steps: Record<string, number> = {
    ArrowRight: sign,
    ArrowLeft: -sign,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  };
  const step = steps[event.key];
  if (event.key === "Escape") onClose();
  else if (step) buttons[buttons.indexOf(event.target as HTMLElement) + step]?.focus();
  else return;
  event.preventDefault();
}

export function EmojiPicker(props: { onPick: (emoji: string) => void; onClose: () => void }) {
  return (
    <div
      class="picker"
      role="toolbar"
      aria-label={t("emoji")}
      onKeyDown={(event) => move(event, props.onClose)}
    >
      {EMOJI.map((emoji, i) => (
        <button
          type="button"
          key={emoji}
          tabIndex={i ? -1 : 0}
          ref={i ? null : focus}
          onClick={() => props.onPick(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
