import { useEffect } from "preact/hooks";
import { startActions } from "../../conversations/actions";
import { startNotices } from "../../conversations/notify";
import { startSending } from "../../conversations/sending";
import { startConversations } from "../../conversations/store";
import { startThreads } from "../../conversations/threads";
import { startLive } from "../../core/live";
import { refreshMe } from "../../core/me";
import { m } from "../../core/messages.en";
import { forgetTeam, loadTeam } from "../../core/team";
import { clearToasts } from "../../ui/Toast";
import { Routes } from "../Routes";
import { useTitle } from "../useTitle";
import { ConnectionBanner } from "./ConnectionBanner";
import { Help } from "./Help";
import { NavRail } from "./NavRail";
import { Palette } from "./Palette";
import { Unverified } from "./Unverified";
import { useShellCommands } from "./useShellCommands";

/** Everything around the pages of a signed-in operator. */
export function Shell() {
  useEffect(() => {
    const stops = [
      startConversations(),
      startThreads(),
      startSending(),
      startActions(),
      startNotices(),
      startLive(),
    ];
    void refreshMe();
    void loadTeam();
    return () => {
      for (const stop of stops) stop();
      forgetTeam();
      clearToasts();
    };
  }, []);
  useShellCommands();
  useTitle();
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={skip}>
        {m.app.skip}
      </button>
      <NavRail />
      <div class="shell-page">
        <ConnectionBanner />
        <Unverified />
        <main id="content" class="page" tabIndex={-1}>
          <Routes />
        </main>
      </div>
      <Palette />
      <Help />
    </div>
  );
}

function skip(): void {
  document.getElementById("content")?.focus();
}
