import type { ConversationStatus } from "@foyer/protocol";
import { ArrowUpDown, ChevronDown } from "lucide";
import { hrefWithQuery, navigate } from "../core/router";
import { me } from "../core/session";
import { team } from "../core/team";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Menu, type MenuEntry } from "../ui/Menu";
import { Tabs } from "../ui/Tabs";
import type { Sort } from "./filter";
import { m } from "./messages";
import { filter } from "./store";

const STATUSES: readonly (ConversationStatus | "all")[] = ["open", "snoozed", "closed", "all"];
const SORTS: readonly Sort[] = ["last_activity", "waiting", "created"];

/** What the list shows: status, whose, and in which order. All of it lives in the URL. */
export function Filters() {
  const { status, assignee, sort } = filter.value;
  const text = m;
  return (
    <header class="list-head">
      <div class="list-head-line">
        <Menu
          label={text.assignee.label}
          entries={assigneeEntries}
          trigger={(attributes) => (
            <Button
              tone="quiet"
              class="list-whose"
              data-filter=""
              data-tip={assigneeName(assignee)}
              {...attributes}
            >
              <span class="truncate">
                <bdi>{assigneeName(assignee)}</bdi>
              </span>
              <Icon of={ChevronDown} size={14} />
            </Button>
          )}
        />
        <Menu
          label={text.sort.label}
          side="bottom-end"
          entries={() => [
            { heading: text.sort.label },
            ...SORTS.map((one) => ({
              label: text.sort[one],
              checked: one === sort,
              run: () => applyFilter({ sort: one === "last_activity" ? null : one }),
            })),
          ]}
          trigger={(attributes) => (
            <IconButton
              icon={ArrowUpDown}
              label={text.sort.chosen({ order: text.sort[sort] })}
              {...attributes}
            />
          )}
        />
      </div>
      <Tabs
        label={text.status.label}
        value={status}
        options={STATUSES.map((one) => ({ value: one, label: text.status[one] }))}
        onChange={(one) => applyFilter({ status: one === "open" ? null : one })}
      />
    </header>
  );
}

function assigneeName(assignee: string): string {
  const text = m.assignee;
  if (assignee === "all" || assignee === "me" || assignee === "none") return text[assignee];
  return team.value.find((one) => one.id === assignee)?.name ?? text.all;
}

function assigneeEntries(): MenuEntry[] {
  const current = filter.value.assignee;
  const text = m.assignee;
  const others = team.value.filter((one) => one.id !== me.value?.id && one.state === "active");
  const menuEntry = (value: string, label: string) => ({
    label,
    checked: value === current,
    run: () => applyFilter({ assignee: value === "all" ? null : value }),
  });
  return [
    menuEntry("all", text.all),
    menuEntry("me", text.me),
    menuEntry("none", text.none),
    ...(others.length > 0 ? (["separator"] as const) : []),
    ...others.map((one) => menuEntry(one.id, one.name)),
  ];
}

function applyFilter(changes: Record<string, string | null>): void {
  navigate(hrefWithQuery(changes));
}

/** Put the focus on the filters: what `/` does. */
export function focusFilters(): void {
  document.querySelector<HTMLElement>("[data-filter]")?.focus();
}
