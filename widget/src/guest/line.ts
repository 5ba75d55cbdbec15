/**
 * The loader's socket: tells presence and hears of messages while the chat is closed.
 *
 * A small sister of the protocol's socket client, which the frame uses: the loader's budget has
 * no room for subscriptions and gap keeping.
 */

import type { SocketTicket } from "@foyer/protocol";
import { presence } from "./presence.ts";

export interface Line {
  /** Presence changed: tell it now. */
  tell(): void;
  /** Closes cleanly, for good. */
  close(): void;
}

/**
 * @param ticket Asks for a one-use ticket.
 * @param hear Gets every frame; and null after each connect, when frames may have been missed.
 * @param seconds How often presence is told again; an unanswered round replaces the connection.
 */
export function openLine(
  ticket: () => Promise<SocketTicket>,
  hear: (frame: { type: string; data?: unknown } | null) => void,
  seconds: number,
): Line {
  let socket: WebSocket | undefined;
  let retry: ReturnType<typeof setTimeout>;
  let failures = 0;
  let heard = true;
  let closed = false;

  const send = (frame: object) => socket?.readyState === 1 && socket.send(JSON.stringify(frame));
  const tell = () => send({ action: "presence", ...presence() });
  const drop = () => {
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    socket?.close(1000);
    socket = undefined;
  };
  const again = () => {
    drop();
    if (!closed)
      retry = setTimeout(connect, Math.random() * Math.min(60_000, 2000 * 2 ** failures++));
  };
  async function connect() {
    try {
      const { url, ticket: pass } = await ticket();
      if (closed) return;
      socket = new WebSocket(`${url}?ticket=${encodeURIComponent(pass)}`);
      socket.onopen = () => {
        heard = true;
        tell();
        hear(null);
      };
      socket.onmessage = ({ data }) => {
        heard = true;
        failures = 0;
        hear(JSON.parse(data));
      };
      socket.onclose = again;
    } catch {
      again();
    }
  }
  const refresh = setInterval(() => {
    if (!socket) return;
    if (!heard) return again();
    heard = false;
    tell();
    send({ action: "ping" });
  }, seconds * 1000);
  connect();

  return {
    tell,
    close() {
      closed = true;
      clearInterval(refresh);
      clearTimeout(retry);
      drop();
    },
  };
}
