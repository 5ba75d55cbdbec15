/** The visitor on one page: session, unread, presence while the chat is closed, and the frame. */

import type {
  CustomerConversation,
  CustomerEvent,
  Page,
  SocketTicket,
  WidgetSession,
} from "@foyer/protocol";
import { type Connection, createConnection } from "@foyer/protocol/connection";
import { ask, isPassing, type Refusal, waitAfter } from "../shared/api.ts";
import {
  GREETING,
  type Place,
  type Preview,
  type Refused,
  type ToFrame,
  type ToLoader,
} from "../shared/bridge.ts";
import type { Guest, Shell } from "../shared/shell.ts";
import { labelsOf } from "./labels.ts";
import { languageOf } from "./language.ts";
import { forget, recall, remember } from "./memory.ts";
import { tidy, warnerOf } from "./options.ts";
import { panelOf } from "./panel.ts";
import { presence, watchPresence } from "./presence.ts";
import { previewIn } from "./preview.ts";
import { recallFor, startSession } from "./session.ts";
import { keepThere } from "./staying.ts";

export function makeGuest(shell: Shell): Guest {
  const { origin, options, emit } = shell;
  const seen = new Set<string>();
  const warn = warnerOf(shell);
  const language = languageOf(shell, () => {
    labels.draw();
    speak();
  });
  const labels = labelsOf(shell, language);
  const preview = previewIn(shell, language);
  const panel = panelOf(shell, language, () => emit("error", { code: "frame" }));
  let session: WidgetSession | undefined;
  let asking: Promise<void> | undefined;
  let askAgain = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let socket: Connection | undefined;
  let port: MessagePort | undefined;
  let unread = -1;
  let counting = 0;
  let draft: string | undefined;
  let why: Refused | undefined;
  /** Where the visitor is in the chat, should its frame have to be loaded again. */
  let place: Place | undefined;
  let gone = false;

  const post = (message: ToFrame) => port?.postMessage(message);
  const speak = () => post({ kind: "language", locale: language.spoken, words: language.words });
  const call = <T>(path: string, body?: object) =>
    ask<T>(`${origin}/v1/${path}`, body, session?.token);

  function setUnread(count: number) {
    if (count === unread) return;
    unread = count;
    labels.count(count);
    emit("unread", { count });
  }

  function start(): Promise<void> {
    clearTimeout(retry);
    asking ??= startSession(origin, options, language.locale, () => gone || askAgain)
      .then((next) => !askAgain && started(next), refused)
      .then(() => {
        asking = undefined;
        if (askAgain && !gone) {
          askAgain = false;
          return start();
        }
      });
    return asking;
  }

  function started(next: WidgetSession) {
    if (gone) return;
    const { visitor_id } = next;
    if (session && session.visitor_id !== visitor_id) part();
    const isNew = !session;
    session = next;
    failures = 0;
    shell.dress();
    setUnread(next.unread);
    for (const { field, message } of next.ignored ?? []) {
      warn(field.startsWith("identity") ? "identity.ignored" : "option.ignored", field, message);
    }
    post({ kind: "session", session });
    if (isNew) emit("ready", { visitor_id });
    listen();
    if (recall(options.key).unsent) shell.load();
  }

  /** Somebody else is here: nothing of the former visitor's stays, nor on the screen. */
  function part() {
    hush();
    session = place = undefined;
    setUnread(0);
    preview.hide();
    unplug();
    if (!shell.frame) return;
    shell.dropFrame();
    if (shell.isOpen) {
      shell.load();
      panel.wait();
    }
  }

  /** The frame left the document: where it comes back, it loads again. */
  function unplug() {
    port?.close();
    port = undefined;
    panel.left();
    delete shell.frame?.dataset.loaded;
  }

  function back() {
    const { frame } = shell;
    unplug();
    shell.dropFrame();
    shell.attach();
    if (frame) shell.load();
    if (shell.isOpen) panel.wait();
  }

  function refused(refusal: Refusal) {
    if (gone) return;
    const { code, field, message } = refusal;
    emit("error", { code, field, message });
    const passing = isPassing(refusal);
    why = passing ? "unreachable" : "unavailable";
    post({ kind: "refused", why });
    if (passing) retry = setTimeout(start, waitAfter(refusal, failures++));
  }

  /** Opens the socket once the page has been seen, if there is something to tell or to hear. */
  function listen() {
    const { config } = session ?? {};
    if (gone || socket || document.hidden || options.preview) return;
    if (!config || !(config.presence || port)) return;
    socket = createConnection<CustomerEvent>({
      ticket,
      onFrame: hear,
      onGap: gap,
      onState(state) {
        post({ kind: "connection", state });
        // Where a proxy refuses sockets, each vain try asks over HTTP instead.
        if (state === "waiting") gap();
      },
      ...(config.presence && { presence, presenceSeconds: config.presence_seconds }),
    });
    socket.open();
  }

  /** Frames may have been missed. */
  const gap = () => (port ? post({ kind: "gap" }) : recount());

  function hush() {
    socket?.close();
    socket = undefined;
  }

  async function ticket() {
    try {
      return await call<SocketTicket>("socket-tickets", {});
    } catch (error) {
      const { status } = error as Refusal;
      if (status === 401) await start();
      // Nobody is connected again who may not be: the team blocked them.
      if (status === 403) post({ kind: "refused", why: "unavailable" });
      throw error;
    }
  }

  /** The chat itself follows the frames once it is there. */
  function hear(frame: CustomerEvent) {
    if (port) return post({ kind: "frame", frame });
    if (frame.type === "message.read") recount();
    if (frame.type !== "message.created") return;
    const { id, author, text, conversation_id } = frame.data.message;
    if (author.type === "contact" || seen.has(id)) return;
    seen.add(id);
    recount();
    arrived({ name: author.name, text }, conversation_id);
  }

  /** Asks: a frame and an answer that cross would count twice. (Prototype replaces `reduce`.) */
  function recount() {
    counting += 1;
    const mine = counting;
    call<Page<CustomerConversation>>("widget/conversations").then(
      ({ data }) => mine === counting && setUnread(data.reduceRight((n, one) => n + one.unread, 0)),
      () => undefined,
    );
  }

  function arrived(message: Preview, conversation_id: string) {
    if (!shell.isOpen) preview.show(message);
    emit("message", { ...message, conversation_id });
  }

  function greet() {
    const { port1, port2 } = new MessageChannel();
    port?.close();
    port = port1;
    port.onmessage = ({ data }) => fromFrame(data);
    shell.frame?.contentWindow?.postMessage(GREETING, origin, [port2]);
    const { style } = shell.root.host as HTMLElement;
    post({ kind: "start", place, colour: style.getPropertyValue("--accent") });
    if (language.spoken) speak();
    if (session) post({ kind: "session", session });
    else if (why) post({ kind: "refused", why });
    if (socket) post({ kind: "connection", state: socket.state });
    listen();
    if (shell.isOpen) shown();
  }

  function shown() {
    // The settings page keeps its focus.
    if (options.preview) return;
    post({ kind: "shown", ...(draft !== undefined && { text: draft }) });
    draft = undefined;
  }

  function fromFrame(message: ToLoader) {
    if (message.kind === "started") panel.came();
    else if (message.kind === "place") place = message.place;
    else if (message.kind === "close") shell.close();
    else if (message.kind === "renew") start();
    else if (message.kind === "say") socket?.send(message.frame);
    else if (message.kind === "unread") setUnread(message.count);
    else if (message.kind === "unsent") {
      remember(options.key, { ...recall(options.key), unsent: message.any });
    } else if (message.kind === "message") arrived(message.preview, message.conversation_id);
  }

  function leave() {
    gone = true;
    post({ kind: "wipe" });
    unwatch();
    hush();
    removeEventListener("pagehide", hush);
    removeEventListener("pageshow", listen);
    clearTimeout(retry);
    panel.leave();
    stop();
    forget(options.key);
  }

  const unwatch = watchPresence(() => {
    listen();
    socket?.sendPresence();
  });
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);
  tidy(options, { ...options }, warn);
  shell.dress();
  language.choose();
  const stop = keepThere(shell.root.host, back, () => emit("error", { code: "removed" }));
  start();

  return {
    greet,
    leave,
    opened(text) {
      preview.hide();
      if (!session) start();
      draft = text;
      if (port) return shown();
      if (shell.frame?.dataset.loaded !== undefined) greet();
      panel.wait();
    },
    closed() {
      post({ kind: "hidden" });
      if (!port) panel.left();
    },
    updated(changes) {
      tidy(options, changes, warn);
      shell.dress();
      const before = language.locale;
      language.choose();
      const { key, identity } = options;
      // Another language, too: it is the session that tells the team.
      if (!("identity" in changes || "preview" in changes) && before === language.locale) return;
      const { secret } = recallFor(key, identity);
      if (session && !options.preview && secret !== session.visitor_secret) part();
      askAgain = !!asking;
      start();
    },
  };
}
