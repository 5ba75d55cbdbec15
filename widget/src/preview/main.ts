import { bubbleIn } from "./bubble.ts";

if (window.Foyer) window.Foyer.bubbleIn = bubbleIn;
