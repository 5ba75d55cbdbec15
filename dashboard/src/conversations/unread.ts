import { signal } from "@preact/signals";

/** Open conversations with something I haven't read; there may be more than are known here. */
export const unread = signal({ value: 0, isFloor: false });
