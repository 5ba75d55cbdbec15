import { useEffect } from "preact/hooks";
import { startLive } from "../../core/live";
import { refreshMe } from "../../core/me";
import { forgetTeam, loadTeam } from "../../core/team";
import { clearToasts } from "../../ui/Toast";
import { m } from "../messages";
import { startModules } from "../start";
import { Banners } from "./Banners";
import { ConnectionBanner } from "./ConnectionBanner";
import { CurrentPage } from "./CurrentPage";
import { Help } from "./Help";
import { NavRail } from "./NavRail";
import { Palette } from "./Palette";
import { useShellCommands } from "./useShellCommands";
import { useTitle } from "./useTitle";

/** Everything around the pages of a signed-in operator. */
export function Shell() {
  useEffect(() => {
    const stops = [startModules(), startLive()];
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
      <button type="button" class="skip" onClick={skipToContent}>
        {m.skip}
      </button>
      <NavRail />
      <div class="shell-page">
        <ConnectionBanner />
        <Banners />
        <main id="content" class="page" tabIndex={-1}>
          <CurrentPage />
        </main>
      </div>
      <Palette />
      <Help />
    </div>
  );
}

function skipToContent(): void {
  document.getElementById("content")?.focus();
}
