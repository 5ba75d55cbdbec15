// Says what it is in the dashboard's language, which left the words in this browser, and boots the
// widget of the key in the address, as a site's own snippet would.
try {
  const { lang, dir, ...texts } = JSON.parse(localStorage.getItem("foyer.test-page"));
  Object.assign(document.documentElement, { lang, dir });
  for (const one of document.querySelectorAll("[data-text]"))
    one.textContent = texts[one.dataset.text] ?? one.textContent;
} catch {
  // nothing was left, or storage is forbidden: English stands in the page itself
}

const query = new URLSearchParams(location.search);
const key = query.get("key");
const api = query.get("api") ?? location.origin;

if (key && /^https?:\/\//.test(api)) {
  const script = document.createElement("script");
  script.async = true;
  const address = `${api}/widget/loader.js`;
  const policy = window.trustedTypes?.createPolicy("foyer-preview", {
    createScriptURL: () => address,
  });
  script.src = policy?.createScriptURL("") ?? address;
  script.dataset.key = key;
  document.head.append(script);
} else {
  document.getElementById("missing").hidden = false;
}
