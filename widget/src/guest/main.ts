import { createGuest } from "./guest.ts";

window.Foyer?.onGuest?.(createGuest);
