import { CloudOff, RefreshCw } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { lastSyncAt, socketState } from "../../core/live";
import { slowAt } from "../../core/pending";
import { clock } from "../../core/time";
import { Banner } from "../../ui/States";
import { m } from "../messages";
import { PendingChanges } from "./PendingChanges";

/** A lost connection that comes back sooner than this isn't worth a word; milliseconds. */
const PATIENCE_MS = 4000;

/**
 * Says how old the data is while the connection is away, that saving takes long while the server
 * is in trouble, and what waits.
 */
export function ConnectionBanner() {
  const state = socketState.value;
  const isAway = state === "waiting" || state === "offline" || state === "connecting";
  const isSlow = useIsPast(slowAt.value);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (!isAway) {
      setIsShown(false);
      return;
    }
    const timer = setTimeout(() => setIsShown(true), state === "offline" ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAway, state === "offline"]);
  if (isAway && isShown) {
    const at = clock(new Date(lastSyncAt.value).toISOString());
    return (
      <Banner
        tone="warning"
        icon={state === "offline" ? CloudOff : RefreshCw}
        action={<PendingChanges />}
      >
        {state === "offline" ? m.offline({ time: at }) : m.reconnecting({ time: at })}
      </Banner>
    );
  }
  if (!isSlow) return null;
  return (
    <Banner tone="warning" icon={RefreshCw} action={<PendingChanges />}>
      {m.slow}
    </Banner>
  );
}

/** Whether a moment has come, milliseconds since the epoch; draws again when it does. */
function useIsPast(moment: number): boolean {
  const [, draw] = useState(0);
  useEffect(() => {
    const left = moment - Date.now();
    if (left <= 0 || moment === Infinity) return;
    const timer = setTimeout(() => draw((count) => count + 1), left);
    return () => clearTimeout(timer);
  }, [moment]);
  return Date.now() >= moment;
}
