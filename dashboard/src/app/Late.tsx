/** Parts of the page that are fetched when they are first needed. */

import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { common, withTexts } from "../core/messages";
import type { Params } from "../core/module";
import { ErrorState } from "../ui/States";

type Load = () => Promise<{ default: ComponentType<Params> }>;

const here = new Map<Load, ComponentType<Params>>();

/** Begin to fetch a part, so that it is there, or nearly, when it is drawn. */
export async function fetchPart(load: Load): Promise<void> {
  if (!here.has(load)) here.set(load, (await withTexts(load())).default);
}

interface LateProps {
  load: Load;
  params?: Params;
  /** Stands in for it meanwhile. */
  children?: ComponentChildren;
}

/** Draws a part as soon as it is there; says so when it can't be fetched. */
export function Late({ load, params = {}, children }: LateProps) {
  const [failed, setFailed] = useState(false);
  const [, draw] = useState(false);
  const Part = here.get(load);
  useEffect(() => {
    if (Part) return;
    fetchPart(load).then(
      () => draw(true),
      () => setFailed(true),
    );
  }, []);
  if (Part) return <Part {...params} />;
  if (!failed) return <>{children}</>;
  return (
    <ErrorState
      level={1}
      title={common.loadFailed}
      detail={common.problem.offline}
      retryLabel={common.retry}
      // A failed import is remembered by the browser, and after an update its file is gone.
      onRetry={() => location.reload()}
    />
  );
}
