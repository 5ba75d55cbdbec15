import type { Member, Role } from "@foyer/protocol";
import { MailPlus, Trash2, UserRoundPlus } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { askStanding, mailStays } from "../auth/public/signup";
import { m } from "../core/messages.en";
import { explain } from "../core/problems";
import { http, session } from "../core/session";
import { loadTeam, setMembers, team, teamFailure, teamState } from "../core/team";
import { checkEmail, useForm } from "../core/useForm";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Input, Select } from "../ui/Field";
import { ErrorState, RowSkeletons, Skeleton } from "../ui/States";
import { toast } from "../ui/Toast";
import { Section } from "./Section";

const text = m.settings.team;
const ROLES: readonly Role[] = ["owner", "admin", "operator"];

export function Team() {
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const mayChange = session.value?.role !== "operator";
  useEffect(() => {
    void loadTeam();
    void askStanding();
  }, []);
  return (
    <Section
      title={text.title}
      text={mayChange ? text.text : m.settings.forbidden}
      aside={
        mayChange && (
          <Button tone="primary" icon={UserRoundPlus} onClick={() => setInviting(true)}>
            {text.invite}
          </Button>
        )
      }
    >
      {teamState.value === "failed" ? (
        <ErrorState
          title={m.problem.loadFailed}
          detail={teamFailure.value}
          retryLabel={m.app.retry}
          onRetry={() => void loadTeam()}
        />
      ) : teamState.value === "loading" ? (
        <Skeleton label={m.app.loading}>
          <RowSkeletons count={3} height={56} />
        </Skeleton>
      ) : (
        <ul class="members" aria-label={text.members}>
          {team.value.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              mayChange={mayChange}
              onRemove={() => setRemoving(member)}
            />
          ))}
        </ul>
      )}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {removing && <Remove member={removing} onClose={() => setRemoving(null)} />}
    </Section>
  );
}

interface MemberRowProps {
  member: Member;
  mayChange: boolean;
  onRemove: () => void;
}

function MemberRow({ member, mayChange, onRemove }: MemberRowProps) {
  const myself = member.id === session.value?.user.id;
  const iAmOwner = session.value?.role === "owner";
  const invited = member.state === "invited";
  const name = member.name || member.email;
  // Admins don't make or unmake owners; nobody changes their own role here.
  const open = mayChange && !myself && (iAmOwner || member.role !== "owner");
  return (
    <li class="member">
      <Avatar
        name={name}
        id={member.id}
        presence={invited ? undefined : member.status}
        presenceLabel={member.status === "online" ? m.app.online : m.app.away}
      />
      <span class="member-who">
        <span class="truncate">
          <bdi class="member-name">{name}</bdi>
          {myself && <span class="muted"> ({text.you})</span>}
        </span>
        {name !== member.email && <span class="muted truncate">{member.email}</span>}
        {invited && (
          <span>
            <Badge tone="warning">{text.invited}</Badge>
          </span>
        )}
      </span>
      {invited && open && <SendAgain member={member} />}
      {open && !invited ? (
        <Select
          label={text.roleOf(name)}
          hideLabel
          value={member.role}
          options={ROLES.filter((one) => iAmOwner || one !== "owner").map((one) => ({
            value: one,
            label: m.auth.roles[one],
          }))}
          onChange={(event) => void changeRole(member, event.currentTarget.value as Role)}
        />
      ) : (
        <span class="muted member-role">{m.auth.roles[member.role]}</span>
      )}
      {open ? (
        <IconButton icon={Trash2} label={text.removeOf(name)} onClick={onRemove} />
      ) : (
        <span class="member-gap" />
      )}
    </li>
  );
}

/** A mail may not have arrived, or its week is over: the link is sent anew. */
function SendAgain({ member }: { member: Member }) {
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await sendInvitation(member.email, member.role);
    } catch (error) {
      toast({ text: explain(error), tone: "danger" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <IconButton
      icon={MailPlus}
      label={text.againTo(member.email)}
      disabled={busy}
      onClick={() => void send()}
    />
  );
}

/** Invites somebody, or sends them another link; the former one is worth nothing then. */
async function sendInvitation(email: string, role: Role): Promise<void> {
  await http.post("/v1/users", { email, role });
  const sent = mailStays.value ? text.sentHere : text.sent;
  toast({ text: sent(email) });
}

async function changeRole(member: Member, role: Role): Promise<void> {
  const become = (next: Role) =>
    setMembers((all) => all.map((one) => (one.id === member.id ? { ...one, role: next } : one)));
  become(role);
  try {
    await http.patch(`/v1/users/${member.id}`, { role });
    toast({
      text: text.roleChanged(member.name, m.auth.roles[role]),
      undo: () => void changeRole({ ...member, role }, member.role),
    });
  } catch (error) {
    become(member.role);
    toast({ text: explain(error), tone: "danger" });
  }
}

function Invite({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const offered = ROLES.filter((one) => session.value?.role === "owner" || one !== "owner");
  const form = useForm(
    async () => {
      await sendInvitation(email.trim(), role);
      onClose();
      await loadTeam();
    },
    () => ({ ...checkEmail(email) }),
  );
  return (
    <Dialog
      title={text.inviteTitle}
      closeLabel={m.app.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.app.cancel}</Button>
          <Button tone="primary" type="submit" form="invite" busy={form.busy}>
            {text.send}
          </Button>
        </>
      }
    >
      <form id="invite" class="stack" noValidate onSubmit={form.submit}>
        <p class="muted">{mailStays.value ? text.inviteTextHere : text.inviteText}</p>
        <Failure text={form.failure} />
        <Input
          label={text.email}
          name="email"
          type="email"
          autocomplete="off"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={text.role}
          hint={text.roleHints[role]}
          value={role}
          options={offered.map((one) => ({ value: one, label: m.auth.roles[one] }))}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
      </form>
    </Dialog>
  );
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const name = member.name || member.email;
  const remove = async () => {
    try {
      await http.delete(`/v1/users/${member.id}`);
      setMembers((all) => all.filter((one) => one.id !== member.id));
      toast({ text: text.removed(name) });
      onClose();
    } catch (error) {
      setFailure(explain(error));
    }
  };
  return (
    <Dialog
      title={text.removeTitle(name)}
      closeLabel={m.app.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.app.cancel}</Button>
          <Button tone="danger" onClick={() => void remove()}>
            {text.remove}
          </Button>
        </>
      }
    >
      <Failure text={failure} />
      <p>{text.removeText}</p>
    </Dialog>
  );
}
