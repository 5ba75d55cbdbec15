import type { ResetResult } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { saveDeviceToken } from "../core/device";
import { common } from "../core/messages";
import { navigate } from "../core/router";
import { http, signOut } from "../core/session";
import { checkEmail, useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Input } from "../ui/Field";
import { toast } from "../ui/Toast";
import { Panel } from "./Panel";
import { m } from "./public/messages";
import { PasswordInput } from "./public/PasswordInput";
import { SHORTEST_PASSWORD } from "./public/passwordRule";
import { isMailLocal } from "./public/signupPolicy";

function BackToSignIn() {
  return <a href="/login">{m.backToSignIn}</a>;
}

export function ForgotPassword() {
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  const form = useForm(
    async () => {
      await http.post("/v1/auth/forgot", { email: email.trim() }, { anonymous: true });
      setIsSent(true);
    },
    () => ({ ...checkEmail(email) }),
  );
  if (isSent) {
    return (
      <Panel title={m.forgotTitle} foot={<BackToSignIn />}>
        <p role="status">
          {(isMailLocal.value ? m.forgotSentHere : m.forgotSent)({ email: email.trim() })}
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={m.forgotTitle} text={m.forgotText} foot={<BackToSignIn />}>
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <Input
          label={m.email}
          name="email"
          type="email"
          autocomplete="username"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.sendLink}
        </Button>
      </form>
    </Panel>
  );
}

export function ResetPassword({ token }: { token: string }) {
  const [password, setPassword] = useState("");
  const form = useForm(
    async () => {
      const result = await http.post<ResetResult>(
        "/v1/auth/reset",
        { token, password },
        { anonymous: true },
      );
      saveDeviceToken(result.email, result.device_token);
      await signOut({ tellServer: false });
      toast({ text: m.resetDone });
      navigate("/login", { replace: true });
    },
    () =>
      (password.length < SHORTEST_PASSWORD
        ? { password: common.form.passwordShort({ least: SHORTEST_PASSWORD }) }
        : {}) as Record<string, string>,
  );
  if (!token) {
    return (
      <Panel title={m.resetTitle} foot={<a href="/forgot">{m.sendLink}</a>}>
        <p role="alert">{m.resetMissing}</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={m.resetTitle}
      foot={form.failure ? <a href="/forgot">{m.sendAnother}</a> : <BackToSignIn />}
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <PasswordInput
          label={m.newPassword}
          name="password"
          autocomplete="new-password"
          hint={m.passwordHint({ least: SHORTEST_PASSWORD })}
          value={password}
          error={form.errors.password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.reset}
        </Button>
      </form>
    </Panel>
  );
}
