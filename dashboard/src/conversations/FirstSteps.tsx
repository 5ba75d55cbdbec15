import { Check, Code, MessageCircle, UserRoundPlus } from "lucide";
import { useEffect } from "preact/hooks";
import { checklistDone } from "../core/prefs";
import { session } from "../core/session";
import { team } from "../core/team";
import { testPageUrl } from "../core/testPage";
import { loadWorkspace, workspace } from "../core/workspace";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { m } from "./messages";

/** What to do before the first conversation: three steps, ticked off as they are taken. */
export function FirstSteps() {
  const role = session.value?.role;
  const doneSteps = new Set(checklistDone.value);
  if (team.value.length > 1) doneSteps.add("invite");
  const markDone = (step: string) => {
    checklistDone.value = [...new Set([...checklistDone.value, step])];
  };
  const key = workspace.value?.widget_key;
  const testHref = key ? testPageUrl(key) : "/settings/widget";
  useEffect(() => void loadWorkspace(), []);
  const steps = [
    {
      id: "install",
      icon: Code,
      title: m.first.install,
      note: m.first.installText,
      href: "/settings/widget",
    },
    {
      id: "try",
      icon: MessageCircle,
      title: m.first.try,
      note: m.first.tryText,
      href: testHref,
    },
    {
      id: "invite",
      icon: UserRoundPlus,
      title: m.first.invite,
      note: m.first.inviteText,
      href: "/settings/team",
    },
  ].filter((step) => step.id !== "invite" || role !== "operator");
  return (
    <div class="first">
      <h2 class="first-title">{m.first.title}</h2>
      <ol class="first-steps">
        {steps.map(({ id, icon, title, note, href }) => (
          <li key={id}>
            <a
              class={classes("first-step", doneSteps.has(id) && "is-done")}
              href={href}
              target={id === "try" ? "_blank" : undefined}
              rel={id === "try" ? "noopener" : undefined}
              onClick={() => markDone(id)}
            >
              <span class="first-icon">
                <Icon
                  of={doneSteps.has(id) ? Check : icon}
                  label={doneSteps.has(id) ? m.first.done : undefined}
                />
              </span>
              <span>
                <span class="first-name">{title}</span>
                <span class="first-note">{note}</span>
              </span>
            </a>
          </li>
        ))}
      </ol>
    </div>
  );
}
