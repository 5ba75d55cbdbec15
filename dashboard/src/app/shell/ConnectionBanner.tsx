import { CloudOff, RefreshCw } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { Queued } from "../../conversations/Queued";
import { Banner } from "../../ui/States";
import { lastFresh, socketState } from "../live";
import { m } from "../messages.en";
import { clock } from "../time";

/** A lost connection that comes back sooner than this isn't worth a word; milliseconds. */
const PATIENCE_MS = 4000;

/** Says how old the data is while the connection is away, and what waits to be sent. */
export function ConnectionBanner() {
  const state = socketState.value;
  const away = state === "waiting" || state === "offline" || state === "connecting";
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!away) {
      setTold(false);
      return;
    }
    const timer = setTimeout(() => setTold(true), state === "offline" ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [away, state === "offline"]);
  if (!away || !told) return null;
  const at = clock(new Date(lastFresh.value).toISOString());
  return (
    <Banner tone="warning" icon={state === "offline" ? CloudOff : RefreshCw} action={<Queued />}>
      {state === "offline" ? m.app.offline(at) : m.app.reconnecting(at)}
    </Banner>
  );
}
