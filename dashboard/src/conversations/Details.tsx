import type { Contact, Conversation, Page, Visitor } from "@foyer/protocol";
import { toPlainText } from "@foyer/protocol/markdown/plain";
import { Globe, X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { BlockedBadge } from "../contacts/public/BlockedBadge";
import { displayName } from "../contacts/public/displayName";
import { type FieldValue, findFieldValue } from "../contacts/public/fieldValue";
import { ProvenanceMark } from "../contacts/public/ProvenanceMark";
import { VerifiedBadge } from "../contacts/public/VerifiedBadge";
import { languageName } from "../core/formats";
import { onFrame } from "../core/live";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { http } from "../core/session";
import { ago, clockIn, date, minuteNow, moment, stopwatch } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { IconButton } from "../ui/Button";
import { Fact } from "../ui/Fact";
import { Icon } from "../ui/Icon";
import { Scroller } from "../ui/Panes";
import { Bar, ErrorState, Skeleton } from "../ui/States";
import { pathOf, secondNow, useOnline } from "../visitors/public/online";
import { m } from "./messages";

/** Who the customer is: profile, where they are now, what was said before. */
export function Details({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { contact: brief } = conversation;
  const { contact, pastConversations, failure, reload } = useContact(brief.id);
  const online = useOnline(brief.id);
  const name = displayName(brief);
  return (
    <aside class="details" aria-label={m.details.label}>
      <header class="details-head">
        <h2>{m.details.label}</h2>
        <IconButton icon={X} label={common.close} onClick={onClose} />
      </header>
      <Scroller label={m.details.label}>
        <div class="details-who">
          <Avatar name={name} id={brief.id} size="large" />
          <div class="details-name">
            <a href={`/contacts/${brief.id}`}>
              <bdi>{name}</bdi>
            </a>
            <VerifiedBadge verified={brief.verified} />
            {brief.blocked && <BlockedBadge />}
          </div>
        </div>
        <Presence visitors={online} />
        {failure ? (
          <ErrorState
            title={m.details.failed}
            detail={failure}
            retryLabel={common.retry}
            onRetry={reload}
          />
        ) : contact ? (
          <Facts contact={contact} />
        ) : (
          <Skeleton key={brief.id} label={common.loading}>
            <div class="details-section">
              <Bar width={60} />
              <Bar width={80} />
              <Bar width={45} />
            </div>
          </Skeleton>
        )}
        {pastConversations && (
          <PastConversations conversations={pastConversations} currentId={conversation.id} />
        )}
      </Scroller>
    </aside>
  );
}

function Presence({ visitors }: { visitors: readonly Visitor[] }) {
  return (
    <section class="details-section">
      <h3>
        <Icon of={Globe} size={14} />
        {visitors.length > 0 ? m.details.now : m.details.notNow}
      </h3>
      {visitors.map((one) => (
        <dl key={one.id} class="facts">
          <Fact label={m.details.page}>
            <a {...linkProps(one.page.url)} target="_blank" rel="noopener noreferrer nofollow">
              <bdi>{one.page.title || pathOf(one.page.url)}</bdi>
            </a>
            <span class="facts-note truncate">
              <bdi>{pathOf(one.page.url)}</bdi>
            </span>
          </Fact>
          <Fact label={m.details.onSite}>
            <span class="numeric">{stopwatch(one.since, secondNow.value)}</span>
            {" · "}
            {one.state === "active" ? m.details.active : m.details.idle}
          </Fact>
          {one.device && <Fact label={m.details.device}>{one.device}</Fact>}
          <Fact label={m.details.visits}>{one.visits}</Fact>
        </dl>
      ))}
    </section>
  );
}

/** Only pages of the web are linked; a visitor's browser may send anything. */
function linkProps(url: string): { href?: string } {
  return /^https?:\/\//iu.test(url) ? { href: url } : {};
}

function Facts({ contact }: { contact: Contact }) {
  const custom = Object.entries(contact.custom);
  const { provenance } = contact;
  const zone = contact.time_zone;
  return (
    <section class="details-section">
      <h3>{m.details.about}</h3>
      <dl class="facts">
        <ContactValue label={m.details.email} field={findFieldValue(contact, "email")} />
        <ContactValue label={m.details.phone} field={findFieldValue(contact, "phone")} />
        <ContactValue label={m.details.externalId} field={findFieldValue(contact, "external_id")} />
        {zone && <Fact label={m.details.localTime}>{clockIn(zone, minuteNow.value)}</Fact>}
        {contact.locale && <Fact label={m.details.language}>{languageName(contact.locale)}</Fact>}
        <Fact label={m.details.firstSeen}>{date(contact.first_seen_at)}</Fact>
        <Fact label={m.details.lastSeen}>{moment(contact.last_seen_at)}</Fact>
        {custom.map(([name, value]) => (
          <Fact key={name} label={name}>
            {typeof value === "object" ? JSON.stringify(value) : String(value)}{" "}
            <ProvenanceMark who={provenance[`custom.${name}`]} />
          </Fact>
        ))}
      </dl>
    </section>
  );
}

/** How to reach them, and from whom that is: what a page only claimed may be anybody's. */
function ContactValue({ label, field }: { label: string; field: FieldValue | null }) {
  if (!field) return null;
  return (
    <Fact label={label}>
      {breakBeforeHost(field.value)}{" "}
      <ProvenanceMark who={field.from} inWords={field.from === "claimed"} />
    </Fact>
  );
}

/** An address that doesn't fit on a line breaks before its host, rather than before its last letter. */
function breakBeforeHost(address: string) {
  const at = Math.max(address.lastIndexOf("@"), 0);
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  );
}

function PastConversations({
  conversations,
  currentId,
}: {
  conversations: Conversation[];
  currentId: string;
}) {
  const others = conversations.filter((one) => one.id !== currentId);
  return (
    <section class="details-section">
      <h3>{m.details.past}</h3>
      {others.length === 0 && <p class="muted">{m.details.noPast}</p>}
      <ul class="past">
        {others.map((one) => (
          <li key={one.id}>
            <a class="past-link" href={`/conversations/${one.id}`}>
              <span class="truncate" dir="auto">
                {one.last_message ? toPlainText(one.last_message.text) : m.noMessage}
              </span>
              <span class="past-note">
                {m.status[one.status]} · {ago(one.last_activity_at, minuteNow.value)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useContact(id: string) {
  const [contact, setContact] = useState<Contact | null>(null);
  const [pastConversations, setPastConversations] = useState<Conversation[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setContact(null);
    setPastConversations(null);
    setFailure(null);
    const options = { signal: controller.signal };
    Promise.all([
      http.get<Contact>(`/v1/contacts/${id}`, {}, options),
      http.get<Page<Conversation>>(
        "/v1/conversations",
        { contact: id, status: "all", limit: 20 },
        options,
      ),
    ]).then(
      ([found, page]) => {
        setContact(found);
        setPastConversations(page.data);
      },
      (error) => !controller.signal.aborted && setFailure(explain(error)),
    );
    const unsubscribe = onFrame((frame) => {
      if (frame.type === "contact.updated" && frame.data.contact.id === id)
        setContact((field) =>
          field && field.version > frame.data.contact.version ? field : frame.data.contact,
        );
    });
    return () => {
      controller.abort();
      unsubscribe();
    };
  }, [id, attempt]);
  return { contact, pastConversations, failure, reload: () => setAttempt(attempt + 1) };
}
