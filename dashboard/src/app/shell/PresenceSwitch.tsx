import { socketState } from "../../core/live";
import { setStatus } from "../../core/me";
import { m } from "../../core/messages.en";
import { me } from "../../core/session";

/** Whether visitors find somebody there: one click, and what it is now stands in words beside it. */
export function PresenceSwitch() {
  const status = me.value?.status;
  if (!status) return null;
  const isOnline = status === "online";
  // Whatever one has chosen: nobody finds somebody whose network is gone.
  const cut = socketState.value === "offline";
  return (
    <button
      type="button"
      role="switch"
      class="rail-item rail-presence"
      aria-checked={isOnline}
      aria-label={m.app.available}
      data-tip={isOnline ? m.app.becomeAway : m.app.becomeOnline}
      onClick={() => setStatus(isOnline ? "away" : "online")}
    >
      <span class={`dot dot-${cut ? "away" : status}`} />
      <span>{cut ? m.app.cutOff : isOnline ? m.app.online : m.app.away}</span>
    </button>
  );
}
