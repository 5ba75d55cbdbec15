import { type Contact, type Conversation, type Page, Problem } from "@foyer/protocol";
import { toPlainText } from "@foyer/protocol/markdown/plain";
import { ArrowLeft, Ban, MessageSquare, UserRound } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { languageName } from "../core/formats";
import { onFrame } from "../core/live";
import { common } from "../core/messages";
import { explain, fieldErrors } from "../core/problems";
import { navigate } from "../core/router";
import { http } from "../core/session";
import { ago, date, minuteNow, moment } from "../core/time";
import { Avatar } from "../ui/Avatar";
import { Button, IconButton } from "../ui/Button";
import { CommitInput } from "../ui/CommitInput";
import { Fact } from "../ui/Fact";
import { Icon } from "../ui/Icon";
import { SaveStatus } from "../ui/SaveStatus";
import { Bar, EmptyState, ErrorState, Skeleton } from "../ui/States";
import { toast } from "../ui/Toast";
import { useSave } from "../ui/useSave";
import { BlockedBadge } from "./public/BlockedBadge";
import { setBlocked } from "./public/block";
import { displayName } from "./public/displayName";
import { type ContactField, findFieldValue } from "./public/fieldValue";
import { m } from "./public/messages";
import { ProvenanceMark } from "./public/ProvenanceMark";
import { VerifiedBadge } from "./public/VerifiedBadge";

/** One contact: what is known, and everything that was said. */
export function ContactProfile({ id }: { id: string }) {
  const { contact, setContact, conversations, problem, retry } = useProfile(id);
  if (problem) {
    const isMissing = problem instanceof Problem && problem.status === 404;
    return isMissing ? (
      <EmptyState
        level={1}
        icon={UserRound}
        title={m.none}
        action={<Button onClick={() => navigate("/contacts")}>{m.back}</Button>}
      >
        {m.noneText}
      </EmptyState>
    ) : (
      <ErrorState
        level={1}
        title={common.loadFailed}
        detail={explain(problem)}
        retryLabel={common.retry}
        onRetry={retry}
      />
    );
  }
  if (!contact) {
    return (
      <Skeleton label={common.loading}>
        <div class="page-skeleton">
          <Bar width={25} height={20} />
          <Bar width={40} />
          <Bar width={35} />
        </div>
      </Skeleton>
    );
  }
  const name = displayName(contact);
  return (
    <section class="page-frame">
      <header class="page-head">
        <IconButton icon={ArrowLeft} label={m.back} onClick={() => navigate("/contacts")} />
        <Avatar name={name} id={contact.id} />
        <h1 class="truncate">
          <bdi>{name}</bdi>
        </h1>
        <VerifiedBadge verified={contact.verified} />
        {contact.blocked && <BlockedBadge />}
        <Button
          class="profile-block"
          size="small"
          icon={Ban}
          onClick={() => void setBlocked(contact.id, name, !contact.blocked, setContact)}
        >
          {contact.blocked ? m.unblock : m.block}
        </Button>
      </header>
      <div class="profile scroller">
        <Fields contact={contact} onChange={setContact} />
        <Facts contact={contact} />
        <Duplicates ids={contact.possible_duplicates} />
        <Conversations conversations={conversations} />
      </div>
    </section>
  );
}

function Fields({ contact, onChange }: { contact: Contact; onChange: (next: Contact) => void }) {
  const saved = useSave(explain);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const commit = (field: "name" | "email" | "phone", value: string) => {
    setErrors({});
    void saved.save(async () => {
      try {
        const change = { [field]: value };
        const options = { ifMatch: contact.version };
        onChange(await http.patch<Contact>(`/v1/contacts/${contact.id}`, change, options));
      } catch (error) {
        setErrors(fieldErrors(error));
        if (error instanceof Problem && error.status === 412) {
          onChange(await http.get<Contact>(`/v1/contacts/${contact.id}`));
          toast({ text: m.stale, tone: "danger" });
        }
        throw error;
      }
    });
  };
  // A claim isn't the field's value, but can be read in full and copied.
  const claimHint = (field: ContactField) => {
    const known = findFieldValue(contact, field);
    return known?.from === "claimed" ? m.said({ value: known.value }) : undefined;
  };
  const emptyHint = (field: ContactField) => (claimHint(field) ? "" : m.missing);
  return (
    <section class="card">
      <header class="card-head">
        <h2>{m.profile}</h2>
        <SaveStatus {...saved} savingLabel={common.saving} savedLabel={common.saved} />
      </header>
      <CommitInput
        label={m.name}
        mark={<ProvenanceMark who={contact.provenance.name} inWords />}
        value={contact.name}
        placeholder={m.missing}
        required
        maxLength={200}
        error={errors.name}
        onCommit={(value) => commit("name", value)}
      />
      <CommitInput
        label={m.email}
        type="email"
        value={contact.email ?? ""}
        mark={<ProvenanceMark who={contact.provenance.email} inWords />}
        placeholder={emptyHint("email")}
        hint={claimHint("email")}
        error={errors.email}
        onCommit={(value) => commit("email", value)}
      />
      <CommitInput
        label={m.phone}
        type="tel"
        value={contact.phone ?? ""}
        mark={<ProvenanceMark who={contact.provenance.phone} inWords />}
        placeholder={emptyHint("phone")}
        hint={claimHint("phone") ?? m.phoneHint}
        error={errors.phone}
        onCommit={(value) => commit("phone", value)}
      />
    </section>
  );
}

function Facts({ contact }: { contact: Contact }) {
  const id = findFieldValue(contact, "external_id");
  return (
    <section class="card">
      <header class="card-head">
        <h2>{m.facts}</h2>
      </header>
      <dl class="facts">
        {id && (
          <Fact label={m.externalId}>
            {id.value} <ProvenanceMark who={id.from} inWords />
          </Fact>
        )}
        {contact.locale && <Fact label={m.language}>{languageName(contact.locale)}</Fact>}
        {contact.time_zone && <Fact label={m.timeZone}>{contact.time_zone}</Fact>}
        <Fact label={m.firstSeen}>{date(contact.first_seen_at)}</Fact>
        <Fact label={m.lastSeen}>{moment(contact.last_seen_at)}</Fact>
        {Object.entries(contact.custom).map(([name, value]) => (
          <Fact key={name} label={name}>
            {typeof value === "object" ? JSON.stringify(value) : String(value)}{" "}
            <ProvenanceMark who={contact.provenance[`custom.${name}`]} inWords />
          </Fact>
        ))}
      </dl>
    </section>
  );
}

/** Contacts that may be the same person; nobody is joined by a guess. */
function Duplicates({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <section class="card">
      <header class="card-head">
        <h2>{m.alike}</h2>
      </header>
      <p class="muted">{m.alikeText}</p>
      <ul class="talks">
        {ids.map((id) => (
          <li key={id}>
            <DuplicateLink id={id} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DuplicateLink({ id }: { id: string }) {
  const [name, setName] = useState("");
  useEffect(() => {
    const controller = new AbortController();
    http.get<Contact>(`/v1/contacts/${id}`, {}, { signal: controller.signal }).then(
      (found) => setName(displayName(found)),
      () => undefined,
    );
    return () => controller.abort();
  }, [id]);
  return (
    <a class="talk" href={`/contacts/${id}`}>
      <Icon of={UserRound} size={14} />
      <bdi class="truncate">{name}</bdi>
    </a>
  );
}

function Conversations({ conversations }: { conversations: readonly Conversation[] | null }) {
  return (
    <section class="card card-wide">
      <h2>{m.conversations}</h2>
      {conversations?.length === 0 && <p class="muted">{m.noConversations}</p>}
      <ul class="talks">
        {conversations?.map((one) => (
          <li key={one.id}>
            <a class="talk" href={`/conversations/${one.id}`}>
              <Icon of={MessageSquare} size={14} />
              <span class="truncate" dir="auto">
                {one.last_message ? toPlainText(one.last_message.text) : m.noMessage}
              </span>
              <span class="muted">{m.status[one.status]}</span>
              <time
                class="muted"
                dateTime={one.last_activity_at}
                title={moment(one.last_activity_at)}
              >
                {ago(one.last_activity_at, minuteNow.value)}
              </time>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useProfile(id: string) {
  const [contact, setContact] = useState<Contact | null>(null);
  const [conversations, setConversations] = useState<readonly Conversation[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    setProblem(null);
    Promise.all([
      http.get<Contact>(`/v1/contacts/${encodeURIComponent(id)}`, {}, options),
      http.get<Page<Conversation>>(
        "/v1/conversations",
        { contact: id, status: "all", limit: 50 },
        options,
      ),
    ]).then(
      ([found, page]) => {
        setContact(found);
        setConversations(page.data);
      },
      (error) => !controller.signal.aborted && setProblem(error),
    );
    const unsubscribe = onFrame((frame) => {
      if (frame.type === "contact.updated" && frame.data.contact.id === id)
        setContact((known) =>
          known && known.version > frame.data.contact.version ? known : frame.data.contact,
        );
    });
    return () => {
      controller.abort();
      unsubscribe();
    };
  }, [id, attempt]);
  return { contact, setContact, conversations, problem, retry: () => setAttempt(attempt + 1) };
}
