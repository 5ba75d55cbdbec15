/** The browser's side of a connection, without a browser: a socket and the window's events. */

import { vi } from "vitest";

export class FakeSocket {
  static all: FakeSocket[] = [];
  static latest(): FakeSocket {
    const latest = FakeSocket.all.at(-1);
    if (!latest) throw new Error("no socket was opened");
    return latest;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readyState = 0;
  closedWith: number | undefined;
  readonly sent: Record<string, unknown>[] = [];
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  deliver(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  send(data: string) {
    this.sent.push(JSON.parse(data));
  }
  close(code?: number) {
    this.readyState = 3;
    this.closedWith = code;
  }
}

export class FakeWindow {
  private readonly bus = new EventTarget();
  private readonly document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  private readonly navigator = { onLine: true };

  install() {
    FakeSocket.all = [];
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("document", this.document);
    vi.stubGlobal("navigator", this.navigator);
    vi.stubGlobal("addEventListener", this.bus.addEventListener.bind(this.bus));
    vi.stubGlobal("removeEventListener", this.bus.removeEventListener.bind(this.bus));
  }
  remove() {
    vi.unstubAllGlobals();
  }
  hide() {
    this.see("hidden");
  }
  show() {
    this.see("visible");
  }
  goOffline() {
    this.navigator.onLine = false;
    this.bus.dispatchEvent(new Event("offline"));
  }
  goOnline() {
    this.navigator.onLine = true;
    this.bus.dispatchEvent(new Event("online"));
  }
  private see(state: string) {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}
