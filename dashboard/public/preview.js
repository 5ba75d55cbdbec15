// Opens the widget as soon as it is there: the settings' preview shows it, not its button.
// Calls made before the loader has arrived wait in its queue.
window.Foyer = (...call) => {
  window.Foyer.q ??= [];
  window.Foyer.q.push(call);
};
window.Foyer("on", "ready", () => window.Foyer("open"));
