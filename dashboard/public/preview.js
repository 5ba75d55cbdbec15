// Opens the widget as soon as it is there: the settings' preview shows it, not its button.
window.Foyer?.("on", "ready", () => window.Foyer("open"));
