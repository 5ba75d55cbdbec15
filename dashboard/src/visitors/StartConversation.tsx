import { type Conversation, newId, Problem, type Visitor } from "@foyer/protocol";
import { trimMessage } from "@foyer/protocol/text";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { navigate } from "../core/router";
import { http } from "../core/session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Textarea } from "../ui/Field";
import { m } from "./messages";
import { visitorName } from "./visitorName";

/** Write first: the message opens in the visitor's widget. */
export function StartConversation({ visitor, onClose }: { visitor: Visitor; onClose: () => void }) {
  const [message, setMessage] = useState("");
  const [clientId] = useState(() => newId());
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!message.trim() || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const conversation = await http.post<Conversation>(
        `/v1/visitors/${visitor.id}/conversations`,
        { text: trimMessage(message), client_id: clientId },
        { idempotent: true },
      );
      onClose();
      navigate(`/conversations/${conversation.id}`);
    } catch (error) {
      const isGone = error instanceof Problem && error.status === 404;
      setFailure(isGone ? m.gone : explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={m.startTo({ name: visitorName(visitor) })}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button tone="primary" busy={busy} disabled={!message.trim()} onClick={() => void send()}>
            {m.send}
          </Button>
        </>
      }
    >
      <Textarea
        label={m.message}
        hint={m.startHint}
        error={failure}
        rows={4}
        dir="auto"
        maxLength={10_000}
        value={message}
        onInput={(event) => setMessage(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
    </Dialog>
  );
}
