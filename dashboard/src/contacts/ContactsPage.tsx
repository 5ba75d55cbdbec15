import type { Contact } from "@foyer/protocol";
import { Search, UserRound, Users } from "lucide";
import { useRef } from "preact/hooks";
import { useCommands } from "../core/commands";
import { ListBody } from "../core/ListBody";
import { common } from "../core/messages";
import { hrefWithQuery, navigate } from "../core/router";
import { rowCommands } from "../core/rowCommands";
import { ago, minuteNow, moment } from "../core/time";
import { useList } from "../core/useList";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { EmptyState } from "../ui/States";
import { type Column, Table } from "../ui/Table";
import { ContactProfile } from "./ContactProfile";
import { BlockedBadge } from "./public/BlockedBadge";
import { displayName } from "./public/displayName";
import { type FieldValue, findFieldValue } from "./public/fieldValue";
import { m } from "./public/messages";
import { ProvenanceMark } from "./public/ProvenanceMark";
import { VerifiedBadge } from "./public/VerifiedBadge";
import { contacts, currentQuery } from "./store";
import "./contacts.css";

const ROW_HEIGHT = 52;
const TYPING_MS = 200;

/** Everybody who has ever written, or one of them. */
export default function ContactsPage({ id }: { id?: string }) {
  return id ? <ContactProfile key={id} id={id} /> : <ContactList />;
}

function ContactList() {
  const query = currentQuery();
  const list = useList(contacts, query);
  const loadMore = () => void contacts.loadMore(query);
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
                () => navigate(hrefWithQuery({ query: value || null }), { replace: true }),
                TYPING_MS,
              );
            }}
          />
        </div>
      </header>
      <ListBody
        id={query}
        list={list}
        rowHeight={ROW_HEIGHT}
        skeletons={10}
        onMore={loadMore}
        empty={() => <EmptyList isSearch={query !== ""} />}
      >
        {(rows, footer) => (
          <Table
            label={m.list}
            class="contacts"
            rowClass="contact"
            columns={columns()}
            items={rows}
            hasMore={!list.isWhole}
            keyOf={(contact) => contact.id}
            rowHeight={ROW_HEIGHT}
            onEnd={loadMore}
            footer={footer}
          />
        )}
      </ListBody>
    </section>
  );
}

function columns(): readonly Column<Contact>[] {
  return [
    {
      name: "name",
      label: m.columns.name,
      cell: (contact) => {
        const name = displayName(contact);
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
          <ContactValue field={findFieldValue(contact, "email")} />
        </span>
      ),
    },
    {
      name: "phone",
      label: m.columns.phone,
      cell: (contact) => (
        <span class="truncate numeric">
          <ContactValue field={findFieldValue(contact, "phone")} />
        </span>
      ),
    },
    {
      name: "identity",
      label: m.columns.identity,
      cell: (contact) =>
        contact.blocked ? <BlockedBadge /> : contact.verified ? <VerifiedBadge verified /> : null,
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

function EmptyList({ isSearch }: { isSearch: boolean }) {
  return isSearch ? (
    <EmptyState icon={UserRound} title={m.emptySearch}>
      {m.emptySearchText}
    </EmptyState>
  ) : (
    <EmptyState icon={Users} title={m.empty}>
      {m.emptyText}
    </EmptyState>
  );
}

/** An address or number; what nobody vouches for is marked. */
function ContactValue({ field }: { field: FieldValue | null }) {
  if (!field) return null;
  return (
    <>
      <bdi>{field.value}</bdi> {field.from === "claimed" && <ProvenanceMark who="claimed" />}
    </>
  );
}
