import type { Tokens } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { deviceToken } from "../app/device";
import { unheard } from "../app/farewell";
import { m } from "../app/messages.en";
import { browserZone, ended, http, signedIn } from "../app/session";
import { Button } from "../ui/Button";
import { Input } from "../ui/Field";
import { choosing } from "./ChooseWorkspace";
import { Failure } from "./Failure";
import { Panel } from "./Panel";
import { PasswordInput } from "./PasswordInput";
import { SHORTEST_PASSWORD } from "./passwordRule";
import { looksLikeEmail, useForm } from "./useForm";

export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useForm(
    async () => {
      const tokens = await http.post<Tokens>(
        "/v1/auth/login",
        { email: email.trim(), password, device_token: deviceToken(email) },
        { anonymous: true },
      );
      choosing.value = tokens.workspaces.length > 1;
      signedIn(tokens);
    },
    () => ({
      ...(looksLikeEmail(email) ? {} : { email: m.auth.emailWrong }),
      ...(password ? {} : { password: m.auth.required }),
    }),
  );
  return (
    <Panel
      title={m.auth.signInTitle}
      foot={
        <>
          {m.auth.noAccount} <a href="/signup">{m.auth.signUp}</a>
        </>
      }
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure ?? (ended.value ? m.app.signedOut : null)} />
        {unheard.value && (
          <p class="auth-text" role="status">
            {m.auth.unheard}
          </p>
        )}
        <Input
          label={m.auth.email}
          name="email"
          type="email"
          autocomplete="username"
          value={email}
          error={form.errors.email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={m.auth.password}
          name="password"
          autocomplete="current-password"
          value={password}
          error={form.errors.password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.auth.signIn}
        </Button>
        <a class="auth-aside" href="/forgot">
          {m.auth.forgot}
        </a>
      </form>
    </Panel>
  );
}

export function SignUp() {
  const [values, setValues] = useState({ name: "", workspace_name: "", email: "", password: "" });
  const set = (field: keyof typeof values, value: string) =>
    setValues({ ...values, [field]: value });
  const form = useForm(
    async () => {
      const body = { ...values, email: values.email.trim(), time_zone: browserZone() };
      signedIn(await http.post<Tokens>("/v1/auth/signup", body, { anonymous: true }));
    },
    () => checkSignUp(values),
  );
  const text = (
    field: "name" | "workspace_name" | "email",
    label: string,
    autocomplete: string,
    hint?: string,
  ) => (
    <Input
      label={label}
      name={field}
      type={field === "email" ? "email" : "text"}
      autocomplete={autocomplete}
      value={values[field]}
      hint={hint}
      error={form.errors[field]}
      onInput={(event) => set(field, event.currentTarget.value)}
    />
  );
  return (
    <Panel
      title={m.auth.signUpTitle}
      text={m.auth.signUpText}
      foot={
        <>
          {m.auth.haveAccount} <a href="/login">{m.auth.signIn}</a>
        </>
      }
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        {text("name", m.auth.yourName, "name")}
        {text("workspace_name", m.auth.workspaceName, "organization", m.auth.workspaceHint)}
        {text("email", m.auth.email, "username")}
        <PasswordInput
          label={m.auth.password}
          name="password"
          autocomplete="new-password"
          hint={m.auth.passwordHint}
          value={values.password}
          error={form.errors.password}
          onChange={(value) => set("password", value)}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.auth.signUp}
        </Button>
      </form>
    </Panel>
  );
}

function checkSignUp(values: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of ["name", "workspace_name"]) {
    if (!values[field]?.trim()) found[field] = m.auth.required;
  }
  if (!looksLikeEmail(values.email ?? "")) found.email = m.auth.emailWrong;
  if ((values.password ?? "").length < SHORTEST_PASSWORD) found.password = m.auth.passwordShort;
  return found;
}
