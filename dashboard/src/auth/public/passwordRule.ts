/** The server's own rule, told before sending. */
export const SHORTEST_PASSWORD = 10;
