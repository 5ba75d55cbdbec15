import { Code, UserRound, Users } from "lucide";
import { useEffect } from "preact/hooks";
import { navigate } from "../core/router";
import { session } from "../core/session";
import { Icon } from "../ui/Icon";
import { m } from "./messages";
import { Profile } from "./Profile";
import { Team } from "./Team";
import { WidgetSettings } from "./WidgetSettings";
import "./settings.css";

const SECTIONS = [
  { id: "profile", isMine: true, icon: UserRound, Section: Profile },
  { id: "team", isMine: false, icon: Users, Section: Team },
  { id: "widget", isMine: false, icon: Code, Section: WidgetSettings },
] as const;

/** Settings by section; what only owners and admins may change says so. */
export default function SettingsPage({ section }: { section?: string }) {
  const current = SECTIONS.find((one) => one.id === section);
  useEffect(() => {
    if (!current) navigate("/settings/profile", { replace: true });
  }, [current]);
  if (!current) return null;
  const { Section } = current;
  return (
    <div class="settings">
      <nav class="settings-nav" aria-label={m.sections.label}>
        <h1>{m.title}</h1>
        {[true, false].map((isMine) => (
          <section key={String(isMine)}>
            <h2 class="settings-group">
              <bdi>{isMine ? m.sections.you : session.value?.workspace.name}</bdi>
            </h2>
            <ul>
              {SECTIONS.filter((one) => one.isMine === isMine).map(({ id, icon }) => (
                <li key={id}>
                  <a
                    class="settings-link"
                    href={`/settings/${id}`}
                    aria-current={id === current.id ? "page" : undefined}
                  >
                    <Icon of={icon} />
                    {m.sections[id]}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div class="settings-body scroller" key={current.id}>
        <Section />
      </div>
    </div>
  );
}
