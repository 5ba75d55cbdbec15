import type { Contact, Page } from "@foyer/protocol";
import { Search, UserRound, Users } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { useCommands } from "../app/commands";
import { onFrame } from "../app/live";
import { m } from "../app/messages.en";
import { explain } from "../app/problems";
import { navigate, place, withQuery } from "../app/router";
import { http } from "../app/session";
import { ago, minuteNow, moment } from "../app/time";
import { Verified } from "../conversations/Verified";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { EmptyState, ErrorState, RowSkeletons, Skeleton } from "../ui/States";
import { VirtualList } from "../ui/VirtualList";
import { ContactProfile } from "./ContactProfile";
import { type Contacts, EMPTY, fold, merge } from "./model";
import "./contacts.css";

const ROW_HEIGHT = 52;
const TYPING_MS = 200;
const PAGE = 50;
const text = m.contacts;

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
      label: text.search,
      group: m.app.groups.list,
      keys: "/",
      icon: Search,
      run: () => search.current?.focus(),
    },
  ]);
  return (
    <section class="page-frame">
      <header class="page-head">
        <h1>{text.title}</h1>
        <div class="search">
          <Icon of={Search} />
          <input
            ref={search}
            type="search"
            class="input"
            aria-label={text.search}
            placeholder={text.searchPlaceholder}
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
        <VirtualList
          label={text.list}
          items={contacts.rows}
          keyOf={(contact) => contact.id}
          rowHeight={ROW_HEIGHT}
          onEnd={loadMore}
          render={(contact) => <ContactRow contact={contact} />}
        />
      ) : failure ? (
        <ErrorState
          title={m.problem.loadFailed}
          detail={failure}
          retryLabel={m.app.retry}
          onRetry={retry}
        />
      ) : contacts.cursor === undefined ? (
        <Skeleton key={query} label={m.app.loading}>
          <RowSkeletons count={10} height={ROW_HEIGHT} />
        </Skeleton>
      ) : query ? (
        <EmptyState icon={UserRound} title={text.emptySearch}>
          {text.emptySearchText}
        </EmptyState>
      ) : (
        <EmptyState icon={Users} title={text.empty}>
          {text.emptyText}
        </EmptyState>
      )}
    </section>
  );
}

function ContactRow({ contact }: { contact: Contact }) {
  const name = contact.name || contact.email || text.unnamed;
  return (
    <a class="contact" href={`/contacts/${contact.id}`}>
      <Avatar name={name} id={contact.id} />
      <span class="truncate contact-name">
        <bdi>{name}</bdi>
      </span>
      <span class="truncate contact-mail">{contact.email ?? contact.claimed.email ?? ""}</span>
      <span class="truncate contact-phone numeric">
        {contact.phone ?? contact.claimed.phone ?? ""}
      </span>
      <span class="contact-mark">{contact.verified && <Verified verified />}</span>
      <time
        class="contact-seen"
        dateTime={contact.last_seen_at}
        title={moment(contact.last_seen_at)}
      >
        {ago(contact.last_seen_at, minuteNow.value)}
      </time>
    </a>
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
