/**
 * What the tabs of this browser agree on, by locks that the browser itself keeps: they end with
 * their tab, and no message is needed between tabs. Where there are none, a tab is on its own.
 */

/** What one tab has claimed no other gets for this long, however late it asks; milliseconds. */
const CLAIM_MS = 30_000;

/** Let all tabs know of something for as long as it is so. Answers its end. */
export function holdLock(name: string): () => void {
  let release: () => void = () => undefined;
  const untilReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  void navigator.locks?.request(name, { mode: "shared" }, () => untilReleased);
  return release;
}

/** Whether any tab, this one included, holds it. */
export async function isHeld(name: string): Promise<boolean> {
  const locks = await navigator.locks?.query();
  return locks?.held?.some((lock) => lock.name === name) ?? false;
}

/** True in one tab only, and there once: whoever asks first does it, for all. */
export async function claimOnce(name: string): Promise<boolean> {
  if (!navigator.locks) return true;
  return new Promise((answer) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock && new Promise((end) => setTimeout(end, CLAIM_MS));
    });
  });
}
