/** Parts of the page that are fetched when they are first needed. */

import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { common, loadWithTexts } from "../core/messages";
import type { Params } from "../core/module";
import { isReplaced } from "../core/release";
import { ErrorState } from "../ui/States";

type LoadComponent = () => Promise<{ default: ComponentType<Params> }>;

const loadedParts = new Map<LoadComponent, ComponentType<Params>>();

/** Begin to fetch a part, so that it is there, or nearly, when it is drawn. */
export async function loadPart(load: LoadComponent): Promise<void> {
  if (!loadedParts.has(load)) loadedParts.set(load, (await loadWithTexts(load())).default);
}

interface LazyProps {
  load: LoadComponent;
  params?: Params;
  /** Stands in for it meanwhile. */
  children?: ComponentChildren;
}

/** Draws a part as soon as it is there; says so when it can't be fetched. */
export function Lazy({ load, params = {}, children }: LazyProps) {
  const [hasFailed, setHasFailed] = useState(false);
  const [, draw] = useState(false);
  const Part = loadedParts.get(load);
  useEffect(() => {
    if (Part) return;
    loadPart(load).then(
      () => draw(true),
      () => setHasFailed(true),
    );
  }, []);
  useEffect(() => {
    if (!hasFailed) return;
    // Nothing is lost: drafts and what waits to be sent are kept in the browser.
    void isReplaced().then((replaced) => replaced && reload());
    addEventListener("online", reload);
    return () => removeEventListener("online", reload);
  }, [hasFailed]);
  if (Part) return <Part {...params} />;
  if (!hasFailed) return <>{children}</>;
  return (
    <ErrorState
      level={1}
      title={common.loadFailed}
      detail={common.problem.offline}
      retryLabel={common.retry}
      onRetry={reload}
    />
  );
}

/** A failed import may be remembered by the browser: asking for it again would fail again. */
function reload(): void {
  location.reload();
}
