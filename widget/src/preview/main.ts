import { createBubble } from "./bubble.ts";

if (window.Foyer) window.Foyer.createBubble = createBubble;
