import type { ResetDone } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { keepDevice } from "../core/device";
import { m } from "../core/messages.en";
import { navigate } from "../core/router";
import { http, signOut } from "../core/session";
import { checkEmail, useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Input } from "../ui/Field";
import { toast } from "../ui/Toast";
import { Panel } from "./Panel";
import { PasswordInput } from "./public/PasswordInput";
import { SHORTEST_PASSWORD } from "./public/passwordRule";
import { mailStays } from "./public/signup";

const back = <a href="/login">{m.auth.backToSignIn}</a>;

export function Forgot() {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const form = useForm(
    async () => {
      await http.post("/v1/auth/forgot", { email: email.trim() }, { anonymous: true });
      setSent(true);
    },
    () => ({ ...checkEmail(email) }),
  );
  if (sent) {
    return (
      <Panel title={m.auth.forgotTitle} foot={back}>
        <p role="status">
          {mailStays.value ? m.auth.forgotSentHere(email.trim()) : m.auth.forgotSent(email.trim())}
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={m.auth.forgotTitle} text={m.auth.forgotText} foot={back}>
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <Input
          label={m.auth.email}
          name="email"
          type="email"
          autocomplete="username"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.auth.sendLink}
        </Button>
      </form>
    </Panel>
  );
}

export function Reset({ token }: { token: string }) {
  const [password, setPassword] = useState("");
  const form = useForm(
    async () => {
      const done = await http.post<ResetDone>(
        "/v1/auth/reset",
        { token, password },
        { anonymous: true },
      );
      keepDevice(done.email, done.device_token);
      await signOut({ tellServer: false });
      toast({ text: m.auth.resetDone });
      navigate("/login", { replace: true });
    },
    () =>
      (password.length < SHORTEST_PASSWORD ? { password: m.auth.passwordShort } : {}) as Record<
        string,
        string
      >,
  );
  if (!token) {
    return (
      <Panel title={m.auth.resetTitle} foot={<a href="/forgot">{m.auth.sendLink}</a>}>
        <p role="alert">{m.auth.resetMissing}</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={m.auth.resetTitle}
      foot={form.failure ? <a href="/forgot">{m.auth.sendAnother}</a> : back}
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        <PasswordInput
          label={m.auth.newPassword}
          name="password"
          autocomplete="new-password"
          hint={m.auth.passwordHint}
          value={password}
          error={form.errors.password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.auth.reset}
        </Button>
      </form>
    </Panel>
  );
}
