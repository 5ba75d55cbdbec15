import { useEffect, useRef, useState } from "preact/hooks";

export type SaveState = "idle" | "saving" | "saved" | "failed";

/** How long "Saved" stays, milliseconds. */
const DONE_MS = 2500;

/**
 * Save-as-you-go: runs one save after the other and tells how it went.
 * `save` raises to say that it failed; `explain` puts that into words.
 */
export function useSave(explain: (error: unknown) => string) {
  const [state, setState] = useState<SaveState>("idle");
  const [failure, setFailure] = useState<string | null>(null);
  const last = useRef<Promise<void>>(Promise.resolve());
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const save = (work: () => Promise<void>): Promise<boolean> => {
    clearTimeout(timer.current);
    setState("saving");
    setFailure(null);
    const run = last.current.then(work).then(
      () => {
        setState("saved");
        timer.current = window.setTimeout(() => setState("idle"), DONE_MS);
        return true;
      },
      (error) => {
        setState("failed");
        setFailure(explain(error));
        return false;
      },
    );
    last.current = run.then(() => undefined);
    return run;
  };
  return { state, failure, save };
}
