import type { ConversationStatus } from "@foyer/protocol";
import { ArrowUpDown, UsersRound } from "lucide";
import { hrefWithQuery, navigate } from "../core/router";
import { me } from "../core/session";
import { team } from "../core/team";
import { IconButton } from "../ui/Button";
import { Menu, type MenuEntry } from "../ui/Menu";
import { Tabs } from "../ui/Tabs";
import { counts } from "./counts";
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
        <div class="list-whose" data-filter="">
          <Tabs
            label={text.assignee.label}
            value={assignee}
            options={queues(assignee)}
            isFitted
            onChange={(one) => applyFilter({ assignee: one === "all" ? null : one })}
          />
        </div>
        {colleagues().length > 0 && (
          <Menu
            label={text.assignee.colleague}
            side="bottom-end"
            entries={colleagueEntries}
            trigger={(attributes) => (
              <IconButton icon={UsersRound} label={text.assignee.colleague} {...attributes} />
            )}
          />
        )}
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

/** All, mine and nobody's, with how many of each are open; a colleague's while it is looked at. */
function queues(assignee: string) {
  const text = m.assignee;
  const known = counts.value?.open;
  const countOf = (queue: "all" | "mine" | "unassigned") =>
    filter.value.status === "open" ? (known?.[queue] ?? null) : undefined;
  const fixed = [
    { value: "all", label: text.all, count: countOf("all"), tip: text.allOf },
    { value: "me", label: text.me, count: countOf("mine"), tip: text.meOf },
    { value: "none", label: text.none, count: countOf("unassigned"), tip: text.noneOf },
  ];
  if (fixed.some((one) => one.value === assignee)) return fixed;
  const label = team.value.find((one) => one.id === assignee)?.name ?? text.former;
  return [...fixed, { value: assignee, label, tip: label }];
}

function colleagues() {
  return team.value.filter((one) => one.id !== me.value?.id && one.state === "active");
}

function colleagueEntries(): MenuEntry[] {
  const current = filter.value.assignee;
  return [
    { heading: m.assignee.colleague },
    ...colleagues().map(({ id, name }) => ({
      label: name,
      checked: id === current,
      run: () => applyFilter({ assignee: id }),
    })),
  ];
}

function applyFilter(changes: Record<string, string | null>): void {
  navigate(hrefWithQuery(changes));
}

/** Put the focus on the filters: what `/` does. */
export function focusFilters(): void {
  document.querySelector<HTMLElement>("[data-filter] [aria-checked=true]")?.focus();
}
