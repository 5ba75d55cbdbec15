import type { Contact, Page } from "@foyer/protocol";
import { Search, UserRound, Users } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { useCommands } from "../core/commands";
import { onFrame } from "../core/live";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { navigate, place, withQuery } from "../core/router";
import { rowCommands } from "../core/rowCommands";
import { http } from "../core/session";
import { ago, minuteNow, moment } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { EmptyState, ErrorState, RowSkeletons, Skeleton } from "../ui/States";
import { type Column, Table } from "../ui/Table";
import { ContactProfile } from "./ContactProfile";
import { type Contacts, EMPTY, fold, merge } from "./model";
import { Blocked } from "./public/Blocked";
import { From } from "./public/From";
import { type Known, knownOf } from "./public/known";
import { m } from "./public/messages";
import { Verified } from "./public/Verified";
import "./contacts.css";

const ROW_HEIGHT = 52;
const TYPING_MS = 200;
const PAGE = 50;
const NOT_KNOWN = <span class="contact-unknown">–</span>;

/** Everybody who has ever written, or one of them. */
export default function ContactsPage({ id }: { id?: string }) {
  return id ? <ContactProfile key={id} id={id} /> : <ContactList />;
}

function ContactList() {
  const query = place.value.query.get("query") ?? "";
  const { contacts, failure, loadMore, retry } = useContacts(query);
  const search = useRef<HTMLInputElement>(null);
  const typing = useRef(0);
  useCommands([
    {
      id: "contacts.search",
      label: m.search,
      group: common.groups.list,
      keys: "/",
      icon: Search,
      run: () => search.current?.focus(),
    },
    ...rowCommands(m.next, m.previous),
  ]);
  return (
    <section class="page-frame">
      <header class="page-head">
        <h1>{m.title}</h1>
        <div class="search">
          <Icon of={Search} />
          <input
            ref={search}
            type="search"
            class="input"
            aria-label={m.search}
            placeholder={m.searchPlaceholder}
            dir="auto"
            defaultValue={query}
            onInput={(event) => {
              const value = event.currentTarget.value.trim();
              clearTimeout(typing.current);
              typing.current = window.setTimeout(
                () => navigate(withQuery({ query: value || null }), { replace: true }),
                TYPING_MS,
              );
            }}
          />
        </div>
      </header>
      {contacts.rows.length > 0 ? (
        <Table
          label={m.list}
          class="contacts"
          rowClass="contact"
          columns={columns()}
          items={contacts.rows}
          unfinished={contacts.cursor !== null}
          keyOf={(contact) => contact.id}
          rowHeight={ROW_HEIGHT}
          onEnd={loadMore}
          footer={failure && <MoreFailed reason={failure} onRetry={loadMore} />}
        />
      ) : failure ? (
        <ErrorState
          title={common.loadFailed}
          detail={failure}
          retryLabel={common.retry}
          onRetry={retry}
        />
      ) : contacts.cursor === undefined ? (
        <Skeleton key={query} label={common.loading}>
          <RowSkeletons count={10} height={ROW_HEIGHT} />
        </Skeleton>
      ) : query ? (
        <EmptyState icon={UserRound} title={m.emptySearch}>
          {m.emptySearchText}
        </EmptyState>
      ) : (
        <EmptyState icon={Users} title={m.empty}>
          {m.emptyText}
        </EmptyState>
      )}
    </section>
  );
}

function columns(): readonly Column<Contact>[] {
  return [
    {
      name: "name",
      label: m.columns.name,
      cell: (contact) => {
        const name = contact.name || contact.email || m.unnamed;
        return (
          <span class="table-who">
            <Avatar name={name} id={contact.id} />
            <span class="truncate table-title">
              <a class="table-target" href={`/contacts/${contact.id}`}>
                <bdi>{name}</bdi>
              </a>
            </span>
          </span>
        );
      },
    },
    {
      name: "email",
      label: m.columns.email,
      cell: (contact) => (
        <span class="truncate">
          <Reach known={knownOf(contact, "email")} />
        </span>
      ),
    },
    {
      name: "phone",
      label: m.columns.phone,
      cell: (contact) => (
        <span class="truncate numeric">
          <Reach known={knownOf(contact, "phone")} />
        </span>
      ),
    },
    {
      name: "identity",
      label: m.columns.identity,
      cell: (contact) =>
        contact.blocked ? <Blocked /> : contact.verified ? <Verified verified /> : NOT_KNOWN,
    },
    {
      name: "seen",
      label: m.columns.seen,
      cell: (contact) => (
        // Above the row's own target, so that hovering tells the moment.
        <a class="contact-seen" href={`/contacts/${contact.id}`} tabIndex={-1}>
          <time dateTime={contact.last_seen_at} title={moment(contact.last_seen_at)}>
            {ago(contact.last_seen_at, minuteNow.value)}
          </time>
        </a>
      ),
    },
  ];
}

function MoreFailed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div class="table-more" role="alert">
      <span>{reason}</span>
      <Button size="small" onClick={onRetry}>
        {common.retry}
      </Button>
    </div>
  );
}

function useContacts(query: string) {
  const [contacts, setContacts] = useState<Contacts>(EMPTY);
  const [failure, setFailure] = useState<string | null>(null);
  const loading = useRef<AbortController | null>(null);
  const load = (cursor: string | null) => {
    const stop = new AbortController();
    loading.current = stop;
    setFailure(null);
    http
      .get<Page<Contact>>(
        "/v1/contacts",
        { query: query || null, limit: PAGE, cursor },
        { signal: stop.signal },
      )
      .then(
        (page) => setContacts((known) => merge(cursor ? known : EMPTY, page)),
        (error) => !stop.signal.aborted && setFailure(explain(error)),
      )
      .finally(() => {
        if (loading.current === stop) loading.current = null;
      });
  };
  useEffect(() => {
    setContacts(EMPTY);
    load(null);
    return () => {
      loading.current?.abort();
      loading.current = null;
    };
  }, [query]);
  useEffect(
    () => onFrame((frame) => setContacts((known) => fold(known, frame, query === ""))),
    [query],
  );
  const loadMore = () => {
    if (contacts.cursor && !loading.current) load(contacts.cursor);
  };
  return { contacts, failure, loadMore, retry: () => load(null) };
}

/** An address or number; what nobody vouches for is marked. */
function Reach({ known }: { known: Known | null }) {
  if (!known) return <>{NOT_KNOWN}</>;
  return (
    <>
      {known.value} {known.from === "claimed" && <From who="claimed" />}
    </>
  );
}
