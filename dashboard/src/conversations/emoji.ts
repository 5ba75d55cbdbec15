/** The emoji of support work, with the words by which they are found; not the whole of Unicode. */

const TABLE = `
👍 thumbs up yes good ok|👎 thumbs down no|🙏 thanks please pray|👋 wave hello hi bye|👏 clap bravo|🙌 hooray hands celebrate
🤝 handshake deal agree|💪 strong muscle|👌 ok perfect|✌️ peace victory|🤞 fingers crossed luck hope|🫶 heart hands love
😀 grin happy|😄 smile laugh happy|😊 blush smile warm|🙂 slight smile|😉 wink|😅 sweat relief|😂 joy tears laugh|🤣 rolling laugh
😍 love eyes|🥰 adore hearts|😘 kiss|😎 cool sunglasses|🤩 star eyes wow|🥳 party celebrate|🤗 hug|🤔 thinking hmm
😐 neutral|🙄 eye roll|😬 grimace awkward|😕 confused|😟 worried|😔 sad pensive|😢 cry sad|😭 sob cry|😤 frustrated|😡 angry
😱 scream shock|😳 flushed|🥲 bittersweet|😴 sleep tired|🤒 sick ill|🤕 hurt|😇 angel innocent|🫡 salute yes|🤷 shrug dunno|🤦 facepalm
❤️ heart love red|🧡 heart orange|💛 heart yellow|💚 heart green|💙 heart blue|💜 heart purple|🖤 heart black|💔 broken heart
🎉 party tada congratulations|🎊 confetti|🎁 gift present|🎂 cake birthday|🍾 champagne|☕ coffee break|🍕 pizza|🌟 star glow
✨ sparkles new|⭐ star|🔥 fire hot|⚡ fast lightning|💡 idea light|💯 hundred perfect|🚀 rocket launch ship|🏆 trophy win
✅ check done yes|☑️ check box|❌ cross no wrong|⚠️ warning careful|❗ important exclamation|❓ question|ℹ️ information info|🆗 ok
🔍 search look|🔗 link|📎 paperclip attachment|📌 pin|📧 mail email|📞 phone call|💬 speech chat message|📝 note write|📄 document page|📦 package parcel delivery
💳 card payment|💰 money|🧾 receipt invoice|🛒 cart shop|🏷️ tag price label|📅 calendar date|⏰ alarm time|⏳ wait hourglass|🕐 clock time
🔧 wrench fix tool|🛠️ tools repair|🐛 bug|🔒 lock secure|🔓 unlock|🔑 key|💻 laptop computer|📱 phone mobile|🖥️ desktop|⚙️ settings gear
🌍 world earth|✈️ plane travel|🚗 car|🏠 home house|🏢 office|☀️ sun|🌧️ rain|❄️ snow cold|🌈 rainbow|🌱 plant grow
🐶 dog|🐱 cat|🦊 fox|🐢 slow turtle|👀 eyes look|👉 point right|👆 point up|👇 point down|🤖 robot bot|👻 ghost
`;

export interface Emoji {
  symbol: string;
  words: string;
}

export const EMOJI: readonly Emoji[] = TABLE.trim()
  .split(/[|\n]/u)
  .map((line) => {
    const gap = line.indexOf(" ");
    return { symbol: line.slice(0, gap), words: line.slice(gap + 1) };
  });
