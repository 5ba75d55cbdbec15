import { Code, UserRound, Users } from "lucide";
import { useEffect } from "preact/hooks";
import { m } from "../core/messages.en";
import { navigate } from "../core/router";
import { session } from "../core/session";
import { Icon } from "../ui/Icon";
import { Profile } from "./Profile";
import { Team } from "./Team";
import { WidgetSettings } from "./WidgetSettings";
import "./settings.css";

const words = m.settings.sections;
const SECTIONS = [
  { id: "profile", group: words.you, label: words.profile, icon: UserRound, Section: Profile },
  { id: "team", group: words.workspace, label: words.team, icon: Users, Section: Team },
  {
    id: "widget",
    group: words.workspace,
    label: words.widget,
    icon: Code,
    Section: WidgetSettings,
  },
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
      <nav class="settings-nav" aria-label={words.label}>
        <h1>{m.settings.title}</h1>
        {[words.you, words.workspace].map((group) => (
          <section key={group}>
            <h2 class="settings-group">
              <bdi>{group === words.workspace ? session.value?.workspace.name : group}</bdi>
            </h2>
            <ul>
              {SECTIONS.filter((one) => one.group === group).map(({ id, label, icon }) => (
                <li key={id}>
                  <a
                    class="settings-link"
                    href={`/settings/${id}`}
                    aria-current={id === current.id ? "page" : undefined}
                  >
                    <Icon of={icon} />
                    {label}
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
