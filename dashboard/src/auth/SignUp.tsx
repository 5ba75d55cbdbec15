import type { Tokens } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { browserZone, http, startSession } from "../core/session";
import { checkEmail, useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Input } from "../ui/Field";
import { Bar, ErrorState, Skeleton } from "../ui/States";
import { Panel } from "./Panel";
import { m } from "./public/messages";
import { PasswordInput } from "./public/PasswordInput";
import { SHORTEST_PASSWORD } from "./public/passwordRule";
import { askStanding, failed, standing } from "./public/signup";

/** The form where anybody may sign up, else why not; never a form that is then refused. */
export function SignUp() {
  if (failed.value) {
    return (
      <ErrorState
        level={1}
        title={common.loadFailed}
        detail={explain(failed.value)}
        retryLabel={common.retry}
        onRetry={() => void askStanding()}
      />
    );
  }
  if (!standing.value) {
    return (
      <Skeleton label={common.loading}>
        <Bar width={70} height={16} />
        <Bar width={90} />
      </Skeleton>
    );
  }
  return standing.value.open ? <SignUpForm first={standing.value.first} /> : <Closed />;
}

function Closed() {
  return (
    <Panel title={m.closedTitle} foot={<a href="/login">{m.backToSignIn}</a>}>
      <p>{m.closedText}</p>
    </Panel>
  );
}

function SignUpForm({ first }: { first: boolean }) {
  const [values, setValues] = useState({ name: "", workspace_name: "", email: "", password: "" });
  const set = (field: keyof typeof values, value: string) =>
    setValues({ ...values, [field]: value });
  const form = useForm(
    async () => {
      const body = { ...values, email: values.email.trim(), time_zone: browserZone() };
      try {
        startSession(await http.post<Tokens>("/v1/auth/signup", body, { anonymous: true }));
      } finally {
        // Somebody else may have been the first; then there is no form any more.
        await askStanding();
      }
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
      title={first ? m.firstTitle : m.signUpTitle}
      text={first ? m.firstText : m.signUpText}
      foot={
        !first && (
          <>
            {m.haveAccount} <a href="/login">{m.signIn}</a>
          </>
        )
      }
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        {text("name", m.yourName, "name")}
        {text("workspace_name", m.workspaceName, "organization", m.workspaceHint)}
        {text("email", m.email, "username")}
        <PasswordInput
          label={m.password}
          name="password"
          autocomplete="new-password"
          hint={m.passwordHint({ least: SHORTEST_PASSWORD })}
          value={values.password}
          error={form.errors.password}
          onChange={(value) => set("password", value)}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.signUp}
        </Button>
      </form>
    </Panel>
  );
}

function checkSignUp(values: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of ["name", "workspace_name"]) {
    if (!values[field]?.trim()) found[field] = common.form.required;
  }
  Object.assign(found, checkEmail(values.email ?? ""));
  if ((values.password ?? "").length < SHORTEST_PASSWORD)
    found.password = common.form.passwordShort({ least: SHORTEST_PASSWORD });
  return found;
}
