/** Keeps the widget on a page that throws it out, without fighting for ever. */

/** Having stayed that long, ms, it counts as accepted. */
const ACCEPTED_AFTER = 2000;
const FIRST_WAIT = 50;
const TRIES = 10;

/**
 * Calls `reattach` when `host` has left the document: at once, then after ever longer waits, and
 * `onGiveUp` when the page insists. Answers how to stop.
 *
 * Looks at no more than the children of the document and of its root, where `host` is: a page
 * that replaces its body (Turbo, htmx, `innerHTML`) isn't even noticed.
 */
export function keepAttached(
  host: Element,
  reattach: () => void,
  onGiveUp: () => void,
): () => void {
  let tries = 0;
  let since = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new MutationObserver(check);

  function watch() {
    observer.disconnect();
    for (const each of [document, document.documentElement]) {
      if (each) observer.observe(each, { childList: true });
    }
  }

  function check() {
    watch();
    if (host.isConnected || timer !== undefined) return;
    if (Date.now() - since > ACCEPTED_AFTER) tries = 0;
    if (tries > TRIES) return;
    if (tries === TRIES) onGiveUp();
    else timer = setTimeout(retry, tries && FIRST_WAIT * 2 ** tries);
    tries += 1;
  }

  function retry() {
    timer = undefined;
    since = Date.now();
    // A document that is being written has no root yet.
    if (document.documentElement) reattach();
    watch();
  }

  check();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
