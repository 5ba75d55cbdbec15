import { type Invitation, Problem, type Tokens } from "@foyer/protocol";
import { useEffect, useState } from "preact/hooks";
import { findDeviceToken } from "../core/device";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { navigate } from "../core/router";
import { browserZone, http, startSession } from "../core/session";
import { useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Input } from "../ui/Field";
import { Bar, ErrorState, Skeleton } from "../ui/States";
import { Panel } from "./Panel";
import { m } from "./public/messages";
import { PasswordInput } from "./public/PasswordInput";
import { SHORTEST_PASSWORD } from "./public/passwordRule";

/** Where the link of an invitation leads. */
export function AcceptInvitation({ token }: { token: string }) {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setProblem(null);
    http
      .get<Invitation>(`/v1/invitations/${encodeURIComponent(token)}`, {}, { anonymous: true })
      .then(setInvitation, setProblem);
  }, [token, attempt]);
  if (problem) {
    const isGone = problem instanceof Problem && !problem.isTransient;
    return isGone ? (
      <Panel title={m.invitationGone} foot={<a href="/login">{m.backToSignIn}</a>}>
        <p role="alert">{m.invitationGoneText}</p>
      </Panel>
    ) : (
      <ErrorState
        level={1}
        title={common.loadFailed}
        detail={explain(problem)}
        retryLabel={common.retry}
        onRetry={() => setAttempt(attempt + 1)}
      />
    );
  }
  if (!invitation) {
    return (
      <Skeleton label={common.loading}>
        <Bar width={70} height={16} />
        <Bar width={90} />
      </Skeleton>
    );
  }
  return <AcceptForm token={token} invitation={invitation} />;
}

function AcceptForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const isNewAccount = !invitation.account_exists;
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const form = useForm(
    async () => {
      const tokens = await http.post<Tokens>(
        `/v1/invitations/${encodeURIComponent(token)}/accept`,
        isNewAccount
          ? { name: name.trim(), password, time_zone: browserZone() }
          : { password, device_token: findDeviceToken(invitation.email) },
        { anonymous: true, failFast: true },
      );
      startSession(tokens);
      navigate("/", { replace: true });
    },
    () => ({
      ...(isNewAccount && !name.trim() ? { name: common.form.required } : {}),
      ...(isNewAccount && password.length < SHORTEST_PASSWORD
        ? { password: common.form.passwordShort({ least: SHORTEST_PASSWORD }) }
        : {}),
      ...(password ? {} : { password: common.form.required }),
    }),
  );
  return (
    <Panel
      title={m.joinTitle({ workspace: invitation.workspace.name })}
      text={m.joinText({ name: invitation.invited_by, email: invitation.email })}
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <input type="hidden" autocomplete="username" value={invitation.email} />
        {isNewAccount && (
          <Input
            label={m.yourName}
            name="name"
            autocomplete="name"
            value={name}
            error={form.errors.name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={isNewAccount ? m.newPassword : m.password}
          name="password"
          autocomplete={isNewAccount ? "new-password" : "current-password"}
          hint={isNewAccount ? m.passwordHint({ least: SHORTEST_PASSWORD }) : m.joinExisting}
          value={password}
          error={form.errors.password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.join}
        </Button>
      </form>
    </Panel>
  );
}
