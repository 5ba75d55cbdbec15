/** Fetched when a message comes while the chat is closed: the grammar is too big to wait for one. */

import { plain } from "@foyer/protocol/markdown/plain";

if (window.Foyer) window.Foyer.plain = plain;
