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
import { loadSignupPolicy, signupFailure, signupPolicy } from "./public/signupPolicy";

/** The form where anybody may sign up, else why not; never a form that is then refused. */
export function SignUp() {
  if (signupFailure.value) {
    return (
      <ErrorState
        level={1}
        title={common.loadFailed}
        detail={explain(signupFailure.value)}
        retryLabel={common.retry}
        onRetry={() => void loadSignupPolicy()}
      />
    );
  }
  if (!signupPolicy.value) {
    return (
      <Skeleton label={common.loading}>
        <Bar width={70} height={16} />
        <Bar width={90} />
      </Skeleton>
    );
  }
  return signupPolicy.value.open ? (
    <SignUpForm isFirst={signupPolicy.value.first} />
  ) : (
    <ClosedSignUp />
  );
}

function ClosedSignUp() {
  return (
    <Panel title={m.closedTitle} foot={<a href="/login">{m.backToSignIn}</a>}>
      <p>{m.closedText}</p>
    </Panel>
  );
}

function SignUpForm({ isFirst }: { isFirst: boolean }) {
  const [values, setValues] = useState({ name: "", workspace_name: "", email: "", password: "" });
  const setValue = (field: keyof typeof values, value: string) =>
    setValues({ ...values, [field]: value });
  const form = useForm(
    async () => {
      const body = { ...values, email: values.email.trim(), time_zone: browserZone() };
      try {
        startSession(await http.post<Tokens>("/v1/auth/signup", body, { anonymous: true }));
      } finally {
        // Somebody else may have been the first; then there is no form any more.
        await loadSignupPolicy();
      }
    },
    () => checkSignUp(values),
  );
  const textInput = (
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
      onInput={(event) => setValue(field, event.currentTarget.value)}
    />
  );
  return (
    <Panel
      title={isFirst ? m.firstTitle : m.signUpTitle}
      text={isFirst ? m.firstText : m.signUpText}
      foot={
        !isFirst && (
          <>
            {m.haveAccount} <a href="/login">{m.signIn}</a>
          </>
        )
      }
    >
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        {textInput("name", m.yourName, "name")}
        {textInput("workspace_name", m.workspaceName, "organization", m.workspaceHint)}
        {textInput("email", m.email, "username")}
        <PasswordInput
          label={m.password}
          name="password"
          autocomplete="new-password"
          hint={m.passwordHint({ least: SHORTEST_PASSWORD })}
          value={values.password}
          error={form.errors.password}
          onChange={(value) => setValue("password", value)}
        />
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.signUp}
        </Button>
      </form>
    </Panel>
  );
}

function checkSignUp(values: Record<string, string>): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of ["name", "workspace_name"]) {
    if (!values[field]?.trim()) problems[field] = common.form.required;
  }
  Object.assign(problems, checkEmail(values.email ?? ""));
  if ((values.password ?? "").length < SHORTEST_PASSWORD)
    problems.password = common.form.passwordShort({ least: SHORTEST_PASSWORD });
  return problems;
}
