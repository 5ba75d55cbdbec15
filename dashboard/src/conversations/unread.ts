import { signal } from "@preact/signals";

/** Open conversations with something I haven't read, as the server counts them. */
export const unread = signal(0);
