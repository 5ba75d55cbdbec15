import { makeGuest } from "./guest.ts";

window.Foyer?.meet?.(makeGuest);
