import { MailCheck } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { refreshMe } from "../core/me";
import { explain } from "../core/problems";
import { http, me } from "../core/session";
import { Button } from "../ui/Button";
import { Banner } from "../ui/States";
import { toast } from "../ui/Toast";
import { m } from "./public/messages";
import { isMailLocal, loadSignupPolicy, signupFailure, signupPolicy } from "./public/signupPolicy";

/** A calm line while one's own address isn't confirmed, and the way to the link. */
export default function UnverifiedBanner() {
  const [busy, setBusy] = useState(false);
  const user = me.value;
  useEffect(() => {
    void loadSignupPolicy();
    // The link may have been followed elsewhere, on a phone.
    const refresh = () => void refreshMe();
    addEventListener("focus", refresh);
    return () => removeEventListener("focus", refresh);
  }, []);
  // Not before it is known where the mail went.
  if (!user || !(signupPolicy.value || signupFailure.value)) return null;
  const send = async () => {
    setBusy(true);
    try {
      await http.post("/v1/auth/verify/resend");
      toast({ text: isMailLocal.value ? m.sentAgainHere : m.sentAgain({ email: user.email }) });
    } catch (error) {
      toast({ text: explain(error), tone: "danger" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Banner
      icon={MailCheck}
      action={
        <Button size="small" busy={busy} onClick={() => void send()}>
          {m.sendAgain}
        </Button>
      }
    >
      <span dir="auto">
        {isMailLocal.value ? m.unverifiedHere : m.unverified({ email: user.email })}
      </span>
    </Banner>
  );
}
