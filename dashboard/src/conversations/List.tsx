import { signal } from "@preact/signals";
import { CheckCheck, Inbox, ListFilter } from "lucide";
import { useEffect } from "preact/hooks";
import { ListBody } from "../core/ListBody";
import { hrefWithQuery, navigate, place } from "../core/router";
import { me } from "../core/session";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/States";
import { VirtualList } from "../ui/VirtualList";
import { BulkBar } from "./BulkBar";
import { selection } from "./currentSelection";
import { Filters } from "./Filters";
import { FirstSteps } from "./FirstSteps";
import { m } from "./messages";
import { Row } from "./Row";
import { EMPTY_SELECTION, extend, keepListed, stepFrom, toggle } from "./selection";
import { byId, filter, list, loadMore } from "./store";

const ROW_HEIGHT = 60;

/** Where j and k are: an id, and the place it last had in the list. */
const cursor = signal<{ id: string | null; index: number }>({ id: null, index: 0 });

/** What an action by key is about: the marked rows, else the open one, else the reached one. */
export function actionTargets(openId: string | null): readonly string[] {
  if (selection.value.ids.length > 0) return selection.value.ids;
  const one = openId ?? cursor.value.id;
  return one ? [one] : [];
}

/** Move one row on; with a conversation open beside the list, it follows. */
export function moveCursor(by: 1 | -1, openId: string | null, range = false): void {
  const order = list.value.rows.map((row) => row.id);
  const from = openId ?? cursor.value.id;
  const next = stepFrom(order, from, cursor.value.index, by);
  if (!next) return;
  if (range) {
    const base = selection.value.anchor || !from ? selection.value : toggle(EMPTY_SELECTION, from);
    selection.value = extend(base, next, order);
  }
  cursor.value = { id: next, index: order.indexOf(next) };
  if (openId) navigate(conversationHref(next), { replace: true });
}

export function openCursor(): void {
  const id = cursor.value.id ?? list.value.rows[0]?.id;
  if (id) navigate(conversationHref(id));
}

export function selectCursor(openId: string | null): void {
  const id = cursor.value.id ?? openId;
  if (id) selection.value = toggle(selection.value, id);
}

export function conversationHref(id: string): string {
  return `/conversations/${id}${hrefWithQuery({}).slice(place.value.path.length)}`;
}

export function List({ openId }: { openId: string | null }) {
  const listRows = list.value.rows;
  const order = listRows.map((row) => row.id);
  const myId = me.value?.id ?? "";
  const currentFilter = filter.value;

  useEffect(() => {
    if (!list.value.isFetched) void loadMore();
    selection.value = EMPTY_SELECTION;
  }, [currentFilter.status, currentFilter.assignee, currentFilter.sort]);

  useEffect(() => {
    selection.value = keepListed(selection.value, order);
    const at = order.indexOf(openId ?? cursor.value.id ?? "");
    if (at >= 0) cursor.value = { id: order[at] ?? null, index: at };
  }, [order.join(), openId]);

  const active = order.indexOf(cursor.value.id ?? "");
  return (
    <section class="list" aria-label={m.title}>
      <div class="list-top">
        <Filters />
        <BulkBar />
      </div>
      <ListBody
        id={`${currentFilter.status} ${currentFilter.assignee} ${currentFilter.sort}`}
        list={list.value}
        rowHeight={ROW_HEIGHT}
        skeletons={9}
        onMore={() => void loadMore()}
        empty={() => <EmptyList />}
      >
        {(rows, footer) => (
          <VirtualList
            label={m.list}
            items={rows}
            keyOf={(row) => row.id}
            rowHeight={ROW_HEIGHT}
            focusIndex={active < 0 ? undefined : active}
            onEnd={() => void loadMore()}
            footer={footer}
            render={(row, index) => (
              <Row
                conversation={row}
                href={conversationHref(row.id)}
                current={row.id === openId}
                active={row.id === cursor.value.id || (active < 0 && index === 0)}
                selected={selection.value.ids.includes(row.id)}
                myId={myId}
                onFocus={() => {
                  cursor.value = { id: row.id, index };
                }}
                onSelect={(range) => {
                  selection.value = range
                    ? extend(selection.value, row.id, order)
                    : toggle(selection.value, row.id);
                }}
              />
            )}
          />
        )}
      </ListBody>
    </section>
  );
}

function EmptyList() {
  const currentFilter = filter.value;
  if (currentFilter.assignee !== "all") {
    return (
      <EmptyState
        icon={ListFilter}
        title={m.empty.filtered}
        action={<Button onClick={() => navigate("/conversations")}>{m.empty.showAll}</Button>}
      />
    );
  }
  if (Object.keys(byId.value).length === 0 && currentFilter.status !== "closed")
    return <FirstSteps />;
  const text = m.empty[currentFilter.status];
  return (
    <EmptyState icon={currentFilter.status === "open" ? CheckCheck : Inbox} title={text.title}>
      {text.text}
    </EmptyState>
  );
}
