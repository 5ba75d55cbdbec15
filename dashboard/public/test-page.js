// Boots the widget of the key in the address, as a site's own snippet would.
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
