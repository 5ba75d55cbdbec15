import type { Tokens } from "@foyer/protocol";
import { useEffect, useState } from "preact/hooks";
import { findDeviceToken } from "../core/device";
import { isLogoutPending } from "../core/logout";
import { common } from "../core/messages";
import { navigate } from "../core/router";
import { http, isChoosingWorkspace, isEndedByServer, startSession } from "../core/session";
import { checkEmail, useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Input } from "../ui/Field";
import { Panel } from "./Panel";
import { m } from "./public/messages";
import { PasswordInput } from "./public/PasswordInput";
import { signupPolicy } from "./public/signupPolicy";

export function SignIn() {
  useEffect(() => {
    // Nobody is here yet: the first thing to do is to become the owner.
    if (signupPolicy.value?.first) navigate("/signup", { replace: true });
  }, [signupPolicy.value]);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useForm(
    async () => {
      const tokens = await http.post<Tokens>(
        "/v1/auth/login",
        { email: email.trim(), password, device_token: findDeviceToken(email) },
        { anonymous: true, failFast: true },
      );
      isChoosingWorkspace.value = tokens.workspaces.length > 1;
      startSession(tokens);
    },
    () => ({
      ...checkEmail(email),
      ...(password ? {} : { password: common.form.required }),
    }),
  );
  return (
    <Panel
      title={m.signInTitle}
      foot={
        signupPolicy.value?.open && (
          <>
            {m.noAccount} <a href="/signup">{m.signUp}</a>
          </>
        )
      }
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure ?? (isEndedByServer.value ? m.signedOut : null)} />
        {isLogoutPending.value && (
          <p class="auth-text" role="status">
            {m.unheard}
          </p>
        )}
        <Input
          label={m.email}
          name="email"
          type="email"
          autocomplete="username"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={m.password}
          name="password"
          autocomplete="current-password"
          value={password}
          error={form.errors.password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.signIn}
        </Button>
        <a class="auth-aside" href="/forgot">
          {m.forgot}
        </a>
      </form>
    </Panel>
  );
}
