import { MailCheck } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { refreshMe } from "../core/me";
import { explain } from "../core/problems";
import { http, me } from "../core/session";
import { Button } from "../ui/Button";
import { Banner } from "../ui/States";
import { toast } from "../ui/Toast";
import { m } from "./public/messages";
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
      toast({ text: mailStays.value ? m.sentAgainHere : m.sentAgain({ email: user.email }) });
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
        {mailStays.value ? m.unverifiedHere : m.unverified({ email: user.email })}
      </span>
    </Banner>
  );
}
