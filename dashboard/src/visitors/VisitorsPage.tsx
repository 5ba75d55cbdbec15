import type { Visitor } from "@foyer/protocol";
import { Ban, Ellipsis, MessageSquarePlus, Radio } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { blockVisitor } from "../contacts/public/block";
import { m as contacts } from "../contacts/public/messages";
import { useCommands } from "../core/commands";
import { languageName } from "../core/formats";
import { ListBody } from "../core/ListBody";
import { common } from "../core/messages";
import { hrefWithQuery, navigate, place } from "../core/router";
import { rowCommands } from "../core/rowCommands";
import { stopwatch } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { Menu } from "../ui/Menu";
import { EmptyState } from "../ui/States";
import { type Column, Table } from "../ui/Table";
import { Tabs } from "../ui/Tabs";
import { m } from "./messages";
import { hostOf, listPresent, pathOf, type VisitorFilter } from "./model";
import { StartConversation } from "./StartConversation";
import { loadVisitors, secondNow, visitorList, watchVisitors } from "./store";
import { visitorName } from "./visitorName";
import "./visitors.css";

const FILTERS: readonly VisitorFilter[] = ["all", "active", "idle", "in_chat", "identified"];
const ROW_HEIGHT = 52;

/** How many there are; of a crowd only a part is fetched. */
const countText = (count: number) =>
  visitorList.value.isWhole ? m.now({ count }) : m.moreNow({ count });

/** Who is on the site now, live. */
export default function VisitorsPage() {
  const [writingTo, setWritingTo] = useState<Visitor | null>(null);
  useEffect(() => watchVisitors(), []);
  const filterParam = place.value.query.get("filter");
  const filter = FILTERS.find((one) => one === filterParam) ?? "all";
  const everybody = listPresent(visitorList.value.rows, "all", secondNow.value);
  const rows = listPresent(visitorList.value.rows, filter, secondNow.value);
  useCommands([
    {
      id: "visitors.filter",
      label: m.filter,
      group: common.groups.list,
      keys: "/",
      run: () => document.querySelector<HTMLElement>(".page-head [aria-checked=true]")?.focus(),
    },
    ...rowCommands(m.next, m.previous),
  ]);
  return (
    <section class="page-frame">
      <header class="page-head">
        <h1>{m.title}</h1>
        <span class="muted" role="status">
          {visitorList.value.isFetched &&
            !visitorList.value.isLoading &&
            countText(everybody.length)}
        </span>
        <Tabs
          label={m.filter}
          value={filter}
          options={FILTERS.map((one) => ({ value: one, label: m.filters[one] }))}
          onChange={(one) => navigate(hrefWithQuery({ filter: one === "all" ? null : one }))}
        />
      </header>
      <ListBody
        list={{ ...visitorList.value, rows }}
        rowHeight={ROW_HEIGHT}
        skeletons={8}
        onMore={loadVisitors}
        empty={() => <EmptyList isFiltered={everybody.length > 0} />}
      >
        {(items) => (
          <Table
            label={m.list}
            class="visitors"
            rowClass="visitor"
            columns={columnsOf(setWritingTo)}
            items={items}
            keyOf={(visitor) => visitor.id}
            rowHeight={ROW_HEIGHT}
          />
        )}
      </ListBody>
      {writingTo && <StartConversation visitor={writingTo} onClose={() => setWritingTo(null)} />}
    </section>
  );
}

function columnsOf(write: (visitor: Visitor) => void): readonly Column<Visitor>[] {
  const { columns } = m;
  return [
    { name: "who", label: columns.visitor, cell: (visitor) => <VisitorCell visitor={visitor} /> },
    { name: "page", label: columns.page, cell: (visitor) => <PageCell visitor={visitor} /> },
    {
      name: "time",
      label: columns.time,
      cell: (visitor) => <span class="numeric">{stopwatch(visitor.since, secondNow.value)}</span>,
    },
    { name: "state", label: columns.state, cell: (visitor) => <StateCell visitor={visitor} /> },
    { name: "from", label: columns.from, cell: (visitor) => <PlaceCell visitor={visitor} /> },
    {
      name: "action",
      label: columns.action,
      hideLabel: true,
      cell: (visitor) => <ActionCell visitor={visitor} onWrite={() => write(visitor)} />,
    },
  ];
}

function VisitorCell({ visitor }: { visitor: Visitor }) {
  const name = visitorName(visitor);
  return (
    <span class="table-who">
      <Avatar name={name} id={visitor.contact_id ?? visitor.id} />
      <span class="table-lines">
        <span class="truncate table-title">
          <bdi>
            {visitor.contact_id ? <a href={`/contacts/${visitor.contact_id}`}>{name}</a> : name}
          </bdi>
        </span>
        <span class="table-note truncate">
          {m.visits({ count: visitor.visits })} · {m.pages({ count: visitor.pages_seen })}
          {visitor.referrer && ` · ${m.from({ site: hostOf(visitor.referrer) })}`}
        </span>
      </span>
    </span>
  );
}

function PageCell({ visitor: { page } }: { visitor: Visitor }) {
  return (
    <span class="table-lines">
      <span class="truncate">
        <bdi>{page.title || pathOf(page.url)}</bdi>
      </span>
      <span class="table-note truncate" title={page.url}>
        <bdi>{pathOf(page.url)}</bdi>
      </span>
    </span>
  );
}

function StateCell({ visitor }: { visitor: Visitor }) {
  const isActive = visitor.state === "active";
  return (
    <span class="visitor-state">
      <Badge tone={isActive ? "success" : "plain"}>{isActive ? m.active : m.idle}</Badge>
      {visitor.in_chat && <Badge tone="accent">{m.inChat}</Badge>}
    </span>
  );
}

function PlaceCell({ visitor }: { visitor: Visitor }) {
  const place = [visitor.country, visitor.locale && languageName(visitor.locale)];
  return (
    <span class="table-lines">
      <span class="truncate">{visitor.device ?? ""}</span>
      <span class="table-note truncate">{place.filter(Boolean).join(" · ")}</span>
    </span>
  );
}

function ActionCell({ visitor, onWrite }: { visitor: Visitor; onWrite: () => void }) {
  const name = visitorName(visitor);
  return (
    <span class="visitor-actions">
      <ChatButton visitor={visitor} name={name} onWrite={onWrite} />
      <Menu
        label={m.more({ name })}
        side="bottom-end"
        entries={[
          {
            label: contacts.block,
            icon: Ban,
            danger: true,
            run: () => void blockVisitor(visitor.id, name),
          },
        ]}
        trigger={(attributes) => (
          <IconButton icon={Ellipsis} label={m.more({ name })} size="small" {...attributes} />
        )}
      />
    </span>
  );
}

interface ChatButtonProps {
  visitor: Visitor;
  name: string;
  onWrite: () => void;
}

function ChatButton({ visitor, name, onWrite }: ChatButtonProps) {
  return visitor.in_chat ? (
    <Button
      size="small"
      aria-label={m.openChatWith({ name })}
      onClick={() => navigate(`/conversations/${visitor.in_chat}`)}
    >
      {m.openChat}
    </Button>
  ) : (
    <Button
      size="small"
      icon={MessageSquarePlus}
      aria-label={m.startTo({ name })}
      onClick={onWrite}
    >
      {m.start}
    </Button>
  );
}

function EmptyList({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <EmptyState icon={Radio} title={m.emptyFilter} />;
  return (
    <EmptyState
      icon={Radio}
      title={m.empty}
      action={<Button onClick={() => navigate("/settings/widget")}>{m.install}</Button>}
    >
      {m.emptyText}
    </EmptyState>
  );
}
