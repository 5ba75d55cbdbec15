import { type Conversation, newId, Problem, type Visitor } from "@foyer/protocol";
import { trimmed } from "@foyer/protocol/text";
import { useState } from "preact/hooks";
import { m } from "../core/messages.en";
import { explain } from "../core/problems";
import { navigate } from "../core/router";
import { http } from "../core/session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Textarea } from "../ui/Field";
import { nameOf } from "./names";

const text = m.visitors;

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
      const made = await http.post<Conversation>(
        `/v1/visitors/${visitor.id}/conversations`,
        { text: trimmed(message), client_id: clientId },
        { idempotent: true },
      );
      onClose();
      navigate(`/conversations/${made.id}`);
    } catch (error) {
      const gone = error instanceof Problem && error.status === 404;
      setFailure(gone ? text.gone : explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={text.startTo(nameOf(visitor))}
      closeLabel={m.app.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.app.cancel}</Button>
          <Button tone="primary" busy={busy} disabled={!message.trim()} onClick={() => void send()}>
            {text.send}
          </Button>
        </>
      }
    >
      <Textarea
        label={text.message}
        hint={text.startHint}
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
