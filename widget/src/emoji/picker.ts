/** A small emoji picker: one tab stop, arrow keys, Escape. */

import css from "./picker.css?inline";

export interface Picker {
  element: HTMLElement;
  focus(): void;
}

const EMOJI =
  "😀 😁 😂 🤣 😊 😇 🙂 🙃 😉 😍 😘 😋 😜 🤪 🤗 🤔 🤨 😐 🙄 😏 😬 😌 😴 😷 🤒 🤯 🥳 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 💩 👋 👍 👎 👌 🤞 🤙 👏 🙌 🙏 💪 👀 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ ⭐ 🔥 🎉 🎁 🎂 🏆 🚀 💡 ⚡ ☀️ 🌈 🌍 🍀 🌹 🐶 🐱 🍕 🍔 🍎 ☕ 🍺 ⚽ 🎵 📷 📞 💻 📦 📅 📎 🔒 🔑 💳 🛒 🐛 ✅ ❌ ❓ ❗ ⏰".split(
    " ",
  );
const COLUMNS = 8;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);

/** A picker, to be put into the document and then focused. */
export function createPicker(
  label: string,
  pick: (emoji: string) => void,
  close: () => void,
): Picker {
  const picker = document.createElement("div");
  const buttons = EMOJI.map((emoji, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = i ? -1 : 0;
    button.textContent = emoji;
    button.onclick = () => pick(emoji);
    return button;
  });
  picker.className = "picker";
  picker.role = "toolbar";
  picker.ariaLabel = label;
  picker.append(...buttons);
  picker.onkeydown = (event) => {
    const sign = document.documentElement.dir === "rtl" ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: sign,
      ArrowLeft: -sign,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    };
    const step = steps[event.key];
    if (event.key === "Escape") close();
    else if (step) buttons[buttons.indexOf(event.target as HTMLButtonElement) + step]?.focus();
    else return;
    event.preventDefault();
  };
  return { element: picker, focus: () => buttons[0]?.focus() };
}
