import type { Visitor } from "@foyer/protocol";
import { MessageSquarePlus, Radio } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { useCommands } from "../app/commands";
import { languageName } from "../app/language";
import { m } from "../app/messages.en";
import { navigate, place, withQuery } from "../app/router";
import { stopwatch } from "../app/time";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { EmptyState, ErrorState, RowSkeletons, Skeleton } from "../ui/States";
import { Tabs } from "../ui/Tabs";
import { VirtualList } from "../ui/VirtualList";
import { hostOf, pathOf, present, type VisitorFilter } from "./model";
import { nameOf } from "./names";
import { StartConversation } from "./StartConversation";
import {
  known,
  retryVisitors,
  secondNow,
  visitorsFailure,
  visitorsState,
  watchVisitors,
} from "./store";
import "./visitors.css";

const FILTERS: readonly VisitorFilter[] = ["all", "active", "idle", "in_chat", "identified"];
const ROW_HEIGHT = 52;
const text = m.visitors;

/** Who is on the site now, live. */
export default function VisitorsPage() {
  const [writingTo, setWritingTo] = useState<Visitor | null>(null);
  useEffect(() => watchVisitors(), []);
  const wanted = place.value.query.get("filter");
  const filter = FILTERS.find((one) => one === wanted) ?? "all";
  const everybody = present(known.value, "all", secondNow.value);
  const shown = present(known.value, filter, secondNow.value);
  useCommands([
    {
      id: "visitors.filter",
      label: text.filter,
      group: m.app.groups.list,
      keys: "/",
      run: () => document.querySelector<HTMLElement>(".page-head [aria-checked=true]")?.focus(),
    },
  ]);
  return (
    <section class="page-frame">
      <header class="page-head">
        <h1>{text.title}</h1>
        <span class="muted" role="status">
          {visitorsState.value === "ready" ? text.now(everybody.length) : ""}
        </span>
        <Tabs
          label={text.filter}
          value={filter}
          options={FILTERS.map((one) => ({ value: one, label: text.filters[one] }))}
          onChange={(one) => navigate(withQuery({ filter: one === "all" ? null : one }))}
        />
      </header>
      {shown.length > 0 ? (
        <VirtualList
          label={text.list}
          class="visitors"
          items={shown}
          keyOf={(visitor) => visitor.id}
          rowHeight={ROW_HEIGHT}
          render={(visitor) => (
            <VisitorRow visitor={visitor} onWrite={() => setWritingTo(visitor)} />
          )}
        />
      ) : (
        <Nothing filtered={everybody.length > 0} />
      )}
      {writingTo && <StartConversation visitor={writingTo} onClose={() => setWritingTo(null)} />}
    </section>
  );
}

function VisitorRow({ visitor, onWrite }: { visitor: Visitor; onWrite: () => void }) {
  const name = nameOf(visitor);
  const place = [visitor.country, visitor.locale && languageName(visitor.locale)];
  return (
    <div class="visitor">
      <Avatar name={name} id={visitor.contact_id ?? visitor.id} />
      <span class="visitor-who">
        <span class="truncate visitor-name">
          <bdi>
            {visitor.contact_id ? <a href={`/contacts/${visitor.contact_id}`}>{name}</a> : name}
          </bdi>
        </span>
        <span class="visitor-note truncate">
          {text.visits(visitor.visits)} · {text.pages(visitor.pages_seen)}
          {visitor.referrer && ` · ${text.from(hostOf(visitor.referrer))}`}
        </span>
      </span>
      <span class="visitor-page">
        <span class="truncate">
          <bdi>{visitor.page.title || pathOf(visitor.page.url)}</bdi>
        </span>
        <span class="visitor-note truncate" title={visitor.page.url}>
          {pathOf(visitor.page.url)}
        </span>
      </span>
      <span class="visitor-time numeric" title={text.columns.time}>
        {stopwatch(visitor.since, secondNow.value)}
      </span>
      <span class="visitor-state">
        <Badge tone={visitor.state === "active" ? "success" : "plain"}>
          {visitor.state === "active" ? text.active : text.idle}
        </Badge>
        {visitor.in_chat && <Badge tone="accent">{text.inChat}</Badge>}
      </span>
      <span class="visitor-from">
        <span class="truncate">{visitor.device ?? ""}</span>
        <span class="visitor-note truncate">{place.filter(Boolean).join(" · ")}</span>
      </span>
      <span class="visitor-action">
        {visitor.in_chat ? (
          <Button size="small" onClick={() => navigate(`/conversations/${visitor.in_chat}`)}>
            {text.openChat}
          </Button>
        ) : (
          <Button
            size="small"
            icon={MessageSquarePlus}
            aria-label={text.startTo(name)}
            onClick={onWrite}
          >
            {text.start}
          </Button>
        )}
      </span>
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (visitorsState.value === "failed") {
    return (
      <ErrorState
        title={m.problem.loadFailed}
        detail={visitorsFailure.value}
        retryLabel={m.app.retry}
        onRetry={retryVisitors}
      />
    );
  }
  if (visitorsState.value === "loading") {
    return (
      <Skeleton label={m.app.loading}>
        <RowSkeletons count={8} height={ROW_HEIGHT} />
      </Skeleton>
    );
  }
  if (filtered) return <EmptyState icon={Radio} title={text.emptyFilter} />;
  return (
    <EmptyState
      icon={Radio}
      title={text.empty}
      action={<Button onClick={() => navigate("/settings/widget")}>{text.install}</Button>}
    >
      {text.emptyText}
    </EmptyState>
  );
}
