import type { Member, Role } from "@foyer/protocol";
import { MailPlus, Trash2, UserRoundPlus } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { isMailLocal, loadSignupPolicy } from "../auth/public/signupPolicy";
import { common } from "../core/messages";
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
import { m } from "./messages";
import { Section } from "./Section";

const ROLES: readonly Role[] = ["owner", "admin", "operator"];

export function Team() {
  const [isInviting, setIsInviting] = useState(false);
  const [memberToRemove, setMemberToRemove] = useState<Member | null>(null);
  const mayChange = session.value?.role !== "operator";
  useEffect(() => {
    void loadTeam();
    void loadSignupPolicy();
  }, []);
  return (
    <Section
      title={m.team.title}
      text={mayChange ? m.team.text : m.forbidden}
      aside={
        mayChange && (
          <Button tone="primary" icon={UserRoundPlus} onClick={() => setIsInviting(true)}>
            {m.team.invite}
          </Button>
        )
      }
    >
      {teamState.value === "failed" ? (
        <ErrorState
          title={common.loadFailed}
          detail={teamFailure.value}
          retryLabel={common.retry}
          onRetry={() => void loadTeam()}
        />
      ) : teamState.value === "loading" ? (
        <Skeleton label={common.loading}>
          <RowSkeletons count={3} height={56} />
        </Skeleton>
      ) : (
        <ul class="members" aria-label={m.team.members}>
          {team.value.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              mayChange={mayChange}
              onRemove={() => setMemberToRemove(member)}
            />
          ))}
        </ul>
      )}
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
      {memberToRemove && (
        <RemoveDialog member={memberToRemove} onClose={() => setMemberToRemove(null)} />
      )}
    </Section>
  );
}

interface MemberRowProps {
  member: Member;
  mayChange: boolean;
  onRemove: () => void;
}

function MemberRow({ member, mayChange, onRemove }: MemberRowProps) {
  const isSelf = member.id === session.value?.user.id;
  const isOwner = session.value?.role === "owner";
  const isInvited = member.state === "invited";
  const name = member.name || member.email;
  // Admins don't make or unmake owners; nobody changes their own role here.
  const canEdit = mayChange && !isSelf && (isOwner || member.role !== "owner");
  return (
    <li class="member">
      <Avatar
        name={name}
        id={member.id}
        presence={isInvited ? undefined : member.status}
        presenceLabel={member.status === "online" ? common.online : common.away}
      />
      <span class="member-who">
        <span class="truncate">
          <bdi class="member-name">{name}</bdi>
          {isSelf && <span class="muted"> {m.team.you}</span>}
        </span>
        {name !== member.email && (
          <span class="muted truncate">
            <bdi>{member.email}</bdi>
          </span>
        )}
        {isInvited && (
          <span>
            <Badge tone="warning">{m.team.invited}</Badge>
          </span>
        )}
      </span>
      {isInvited && canEdit && <ResendButton member={member} />}
      {canEdit && !isInvited ? (
        <Select
          label={m.team.roleOf({ name })}
          hideLabel
          value={member.role}
          options={ROLES.filter((one) => isOwner || one !== "owner").map((one) => ({
            value: one,
            label: common.roles[one],
          }))}
          onChange={(event) => void changeRole(member, event.currentTarget.value as Role)}
        />
      ) : (
        <span class="muted member-role">{common.roles[member.role]}</span>
      )}
      {canEdit ? (
        <IconButton icon={Trash2} label={m.team.removeOf({ name })} onClick={onRemove} />
      ) : (
        <span class="member-gap" />
      )}
    </li>
  );
}

/** A mail may not have arrived, or its week is over: the link is sent anew. */
function ResendButton({ member }: { member: Member }) {
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
      label={m.team.againTo({ email: member.email })}
      disabled={busy}
      onClick={() => void send()}
    />
  );
}

/** Invites somebody, or sends them another link; the former one is worth nothing then. */
async function sendInvitation(email: string, role: Role): Promise<void> {
  await http.post("/v1/users", { email, role });
  const sent = isMailLocal.value ? m.team.sentHere : m.team.sent;
  toast({ text: sent({ email }) });
}

async function changeRole(member: Member, role: Role): Promise<void> {
  const showRole = (next: Role) =>
    setMembers((all) => all.map((one) => (one.id === member.id ? { ...one, role: next } : one)));
  showRole(role);
  try {
    await http.patch(`/v1/users/${member.id}`, { role });
    toast({
      text: m.team.roleChanged({ name: member.name, role: common.roles[role] }),
      undo: () => void changeRole({ ...member, role }, member.role),
    });
  } catch (error) {
    showRole(member.role);
    toast({ text: explain(error), tone: "danger" });
  }
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const roles = ROLES.filter((one) => session.value?.role === "owner" || one !== "owner");
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
      title={m.team.inviteTitle}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button tone="primary" type="submit" form="invite" busy={form.busy}>
            {m.team.send}
          </Button>
        </>
      }
    >
      <form id="invite" class="stack" noValidate onSubmit={form.submit}>
        <p class="muted">{isMailLocal.value ? m.team.inviteTextHere : m.team.inviteText}</p>
        <Failure text={form.failure} />
        <Input
          label={m.team.email}
          name="email"
          type="email"
          autocomplete="off"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={m.team.role}
          hint={m.team.roleHints[role]}
          value={role}
          options={roles.map((one) => ({ value: one, label: common.roles[one] }))}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
      </form>
    </Dialog>
  );
}

function RemoveDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const name = member.name || member.email;
  const remove = async () => {
    try {
      await http.delete(`/v1/users/${member.id}`);
      setMembers((all) => all.filter((one) => one.id !== member.id));
      toast({ text: m.team.removed({ name }) });
      onClose();
    } catch (error) {
      setFailure(explain(error));
    }
  };
  return (
    <Dialog
      title={m.team.removeTitle({ name })}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button tone="danger" onClick={() => void remove()}>
            {m.team.remove}
          </Button>
        </>
      }
    >
      <Failure text={failure} />
      <p>{m.team.removeText}</p>
    </Dialog>
  );
}
