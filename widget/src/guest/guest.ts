/** The visitor on one page: session, unread, presence while the chat is closed, and the frame. */

import type {
  CustomerConversation,
  CustomerEvent,
  Page,
  SocketTicket,
  WidgetSession,
} from "@foyer/protocol";
import { type Connection, createConnection } from "@foyer/protocol/connection";
import { isTransient, type RequestError, request, retryDelay } from "../shared/api.ts";
import {
  GREETING,
  type Place,
  type Preview,
  type SessionFailure,
  type ToFrame,
  type ToLoader,
} from "../shared/bridge.ts";
import type { Guest, Shell } from "../shared/shell.ts";
import { createLabels } from "./labels.ts";
import { createLanguage } from "./language.ts";
import { createWarner, sanitizeOptions } from "./options.ts";
import { createPanel } from "./panel.ts";
import { presence, watchPresence } from "./presence.ts";
import { createPreview } from "./preview.ts";
import { keepAttached } from "./reattach.ts";
import { loadVisitorFor, startSession } from "./session.ts";
import { clearVisitor, loadVisitor, saveVisitor } from "./storage.ts";

export function createGuest(shell: Shell): Guest {
  const { origin, options, emit } = shell;
  const announcedIds = new Set<string>();
  const warn = createWarner(shell);
  const language = createLanguage(shell, () => {
    labels.render();
    postLanguage();
  });
  const labels = createLabels(shell, language);
  const preview = createPreview(shell, language);
  const panel = createPanel(shell, language, () => emit("error", { code: "frame" }));
  let session: WidgetSession | undefined;
  let sessionRequest: Promise<void> | undefined;
  let isRestartDue = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let socket: Connection | undefined;
  let port: MessagePort | undefined;
  let unread = -1;
  let recounts = 0;
  let draft: string | undefined;
  let sessionFailure: SessionFailure | undefined;
  /** Where the visitor is in the chat, should its frame have to be loaded again. */
  let lastPlace: Place | undefined;
  let isDestroyed = false;

  const post = (message: ToFrame) => port?.postMessage(message);
  const postLanguage = () =>
    post({ kind: "language", locale: language.activeLocale, words: language.words });
  const isOutdated = () => isDestroyed || isRestartDue;
  const call = <T>(path: string, body?: object) =>
    request<T>(`${origin}/v1/${path}`, body, session?.token);

  function setUnread(count: number) {
    if (count === unread) return;
    unread = count;
    labels.setUnread(count);
    emit("unread", { count });
  }

  function start(): Promise<void> {
    clearTimeout(retry);
    sessionRequest ??= startSession(origin, options, language.locale, isOutdated)
      .then((next) => !isRestartDue && onSession(next), onSessionFailure)
      .then(() => {
        sessionRequest = undefined;
        if (isRestartDue && !isDestroyed) {
          isRestartDue = false;
          return start();
        }
      });
    return sessionRequest;
  }

  function onSession(next: WidgetSession) {
    if (isDestroyed) return;
    const { visitor_id } = next;
    if (session && session.visitor_id !== visitor_id) forgetVisitor();
    const isNew = !session;
    session = next;
    failures = 0;
    shell.restyle();
    setUnread(next.unread);
    for (const { field, message } of next.ignored ?? []) {
      warn(field.startsWith("identity") ? "identity.ignored" : "option.ignored", field, message);
    }
    post({ kind: "session", session });
    if (isNew) emit("ready", { visitor_id });
    openSocket();
    if (loadVisitor(options.key).unsent) shell.load();
  }

  /** Somebody else is here: nothing of the former visitor's stays, nor on the screen. */
  function forgetVisitor() {
    closeSocket();
    session = lastPlace = undefined;
    setUnread(0);
    preview.hide();
    disconnectFrame();
    if (!shell.frame) return;
    shell.removeFrame();
    if (shell.isOpen) {
      shell.load();
      panel.wait();
    }
  }

  /** The frame left the document: where it comes back, it loads again. */
  function disconnectFrame() {
    port?.close();
    port = undefined;
    panel.hideFrame();
    delete shell.frame?.dataset.loaded;
  }

  function reattach() {
    const { frame } = shell;
    disconnectFrame();
    shell.removeFrame();
    shell.attach();
    if (frame) shell.load();
    if (shell.isOpen) panel.wait();
  }

  function onSessionFailure(error: RequestError) {
    if (isDestroyed) return;
    const { code, field, message } = error;
    emit("error", { code, field, message });
    const mayPass = isTransient(error);
    sessionFailure = mayPass ? "unreachable" : "unavailable";
    post({ kind: "refused", why: sessionFailure });
    if (mayPass) retry = setTimeout(start, retryDelay(error, failures++));
  }

  /** Opens the socket once the page has been seen, if there is something to tell or to hear. */
  function openSocket() {
    const { config } = session ?? {};
    if (isDestroyed || socket || document.hidden || options.preview) return;
    if (!config || !(config.presence || port)) return;
    socket = createConnection<CustomerEvent>({
      fetchTicket,
      onFrame: receive,
      onGap: catchUp,
      onState(state) {
        post({ kind: "connection", state });
        // Where a proxy refuses sockets, each vain try asks over HTTP instead.
        if (state === "waiting") catchUp();
      },
      ...(config.presence && { presence, presenceSeconds: config.presence_seconds }),
    });
    socket.open();
  }

  /** Frames may have been missed. */
  const catchUp = () => (port ? post({ kind: "gap" }) : refreshUnread());

  function closeSocket() {
    socket?.close();
    socket = undefined;
  }

  async function fetchTicket() {
    try {
      return await call<SocketTicket>("socket-tickets", {});
    } catch (error) {
      const { status } = error as RequestError;
      if (status === 401) await start();
      // Nobody is connected again who may not be: the team blocked them.
      if (status === 403) post({ kind: "refused", why: "unavailable" });
      throw error;
    }
  }

  /** The chat itself follows the frames once it is there. */
  function receive(frame: CustomerEvent) {
    if (port) return post({ kind: "frame", frame });
    if (frame.type === "message.read") refreshUnread();
    if (frame.type !== "message.created") return;
    const { id, author, text, conversation_id } = frame.data.message;
    if (author.type === "contact" || announcedIds.has(id)) return;
    announcedIds.add(id);
    refreshUnread();
    announce({ name: author.name, text }, conversation_id);
  }

  /** Asks: a frame and an answer that cross would count twice. (Prototype replaces `reduce`.) */
  function refreshUnread() {
    const mine = ++recounts;
    call<Page<CustomerConversation>>("widget/conversations").then(
      ({ data }) => mine === recounts && setUnread(data.reduceRight((n, one) => n + one.unread, 0)),
      () => undefined,
    );
  }

  function announce(message: Preview, conversation_id: string) {
    if (!shell.isOpen) preview.show(message);
    emit("message", { ...message, conversation_id });
  }

  function connect() {
    const { port1, port2 } = new MessageChannel();
    port?.close();
    port = port1;
    port.onmessage = ({ data }) => handleMessage(data);
    shell.frame?.contentWindow?.postMessage(GREETING, origin, [port2]);
    const { style } = shell.root.host as HTMLElement;
    post({ kind: "start", place: lastPlace, colour: style.getPropertyValue("--accent") });
    if (language.activeLocale) postLanguage();
    if (session) post({ kind: "session", session });
    else if (sessionFailure) post({ kind: "refused", why: sessionFailure });
    if (socket) post({ kind: "connection", state: socket.state });
    openSocket();
    if (shell.isOpen) postShown();
  }

  function postShown() {
    // The settings page keeps its focus.
    if (options.preview) return;
    post({ kind: "shown", ...(draft !== undefined && { text: draft }) });
    draft = undefined;
  }

  function handleMessage(message: ToLoader) {
    if (message.kind === "started") panel.showFrame();
    else if (message.kind === "place") lastPlace = message.place;
    else if (message.kind === "close") shell.close();
    else if (message.kind === "renew") start();
    else if (message.kind === "say") socket?.send(message.frame);
    else if (message.kind === "unread") setUnread(message.count);
    else if (message.kind === "unsent") {
      saveVisitor(options.key, { ...loadVisitor(options.key), unsent: message.any });
    } else if (message.kind === "message") announce(message.preview, message.conversation_id);
  }

  function destroy() {
    isDestroyed = true;
    post({ kind: "wipe" });
    unwatch();
    closeSocket();
    removeEventListener("pagehide", closeSocket);
    removeEventListener("pageshow", openSocket);
    clearTimeout(retry);
    panel.destroy();
    stop();
    clearVisitor(options.key);
  }

  const unwatch = watchPresence(() => {
    openSocket();
    socket?.sendPresence();
  });
  addEventListener("pagehide", closeSocket);
  addEventListener("pageshow", openSocket);
  sanitizeOptions(options, { ...options }, warn);
  shell.restyle();
  language.update();
  const stop = keepAttached(shell.root.host, reattach, () => emit("error", { code: "removed" }));
  start();

  return {
    connect,
    destroy,
    onOpen(text) {
      preview.hide();
      if (!session) start();
      draft = text;
      if (port) return postShown();
      if (shell.frame?.dataset.loaded !== undefined) connect();
      panel.wait();
    },
    onClose() {
      post({ kind: "hidden" });
      if (!port) panel.hideFrame();
    },
    onUpdate(changes) {
      sanitizeOptions(options, changes, warn);
      shell.restyle();
      const before = language.locale;
      language.update();
      const { key, identity } = options;
      // Another language, too: it is the session that tells the team.
      if (!("identity" in changes || "preview" in changes) && before === language.locale) return;
      const { secret } = loadVisitorFor(key, identity);
      if (session && !options.preview && secret !== session.visitor_secret) forgetVisitor();
      isRestartDue = !!sessionRequest;
      start();
    },
  };
}
