import { useState } from "preact/hooks";
import { refreshMe } from "../core/me";
import { common } from "../core/messages";
import { http, me, session } from "../core/session";
import { useForm } from "../core/useForm";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { Panel } from "./Panel";
import { m } from "./public/messages";

/** What there is to do after a link that didn't work; most were followed before. */
function nextStepText(): string {
  const user = me.value;
  if (!user) return m.verifySignedOut;
  return user.verified ? m.verifiedBefore({ email: user.email }) : m.verifyInside;
}

/**
 * Where the link that proves an address leads. It asks for a click: programs that look into links
 * in mails must not prove anything for anybody.
 */
export function Verify({ token }: { token: string }) {
  const [isDone, setIsDone] = useState(false);
  const form = useForm(async () => {
    await http.post("/v1/auth/verify", { token }, { anonymous: true });
    if (session.value) await refreshMe();
    setIsDone(true);
  });
  const nextLink = session.value ? (
    <a href="/">{common.toConversations}</a>
  ) : (
    <a href="/login">{m.backToSignIn}</a>
  );
  if (isDone) {
    return (
      <Panel title={m.verifiedTitle} foot={nextLink}>
        <p role="status">
          {me.value?.verified === false
            ? m.verifiedOther({ email: me.value.email })
            : m.verifiedText}
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={m.verifyTitle} text={m.verifyText} foot={nextLink}>
      <form class="auth-form" noValidate onSubmit={form.submit}>
        <Failure text={form.failure} />
        {form.failure && <p class="auth-text">{nextStepText()}</p>}
        <Button type="submit" tone="primary" size="large" busy={form.busy}>
          {m.verify}
        </Button>
      </form>
    </Panel>
  );
}
