import { socketState } from "../../core/live";
import { setStatus } from "../../core/me";
import { common } from "../../core/messages";
import { me } from "../../core/session";
import { m } from "../messages";

/** Whether visitors find somebody there: one click, and what it is now stands in words beside it. */
export function PresenceSwitch() {
  const status = me.value?.status;
  if (!status) return null;
  const isOnline = status === "online";
  // Whatever one has chosen: nobody finds somebody whose network is gone.
  const isOffline = socketState.value === "offline";
  return (
    <button
      type="button"
      role="switch"
      class="rail-item rail-presence"
      aria-checked={isOnline}
      aria-label={m.available}
      data-tip={isOnline ? m.becomeAway : m.becomeOnline}
      onClick={() => setStatus(isOnline ? "away" : "online")}
    >
      <span class={`dot dot-${isOffline ? "away" : status}`} />
      <span>{isOffline ? m.cutOff : isOnline ? common.online : common.away}</span>
    </button>
  );
}
