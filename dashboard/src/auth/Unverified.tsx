import { MailCheck } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { refreshMe } from "../core/me";
import { m } from "../core/messages.en";
import { explain } from "../core/problems";
import { http, me } from "../core/session";
import { Button } from "../ui/Button";
import { Banner } from "../ui/States";
import { toast } from "../ui/Toast";
import { askStanding, failed, mailStays, standing } from "./public/signup";

/** A calm line while one's own address isn't confirmed, and the way to the link. */
export default function Unverified() {
  const [busy, setBusy] = useState(false);
  const user = me.value;
  useEffect(() => {
    void askStanding();
    // The link may have been followed elsewhere, on a phone.
    const look = () => void refreshMe();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, []);
  // Not before it is known where the mail went.
  if (!user || !(standing.value || failed.value)) return null;
  const send = async () => {
    setBusy(true);
    try {
      await http.post("/v1/auth/verify/resend");
      toast({ text: mailStays.value ? m.auth.sentAgainHere : m.auth.sentAgain(user.email) });
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
          {m.auth.sendAgain}
        </Button>
      }
    >
      <span dir="auto">
        {mailStays.value ? m.auth.unverifiedHere : m.auth.unverified(user.email)}
      </span>
    </Banner>
  );
}
