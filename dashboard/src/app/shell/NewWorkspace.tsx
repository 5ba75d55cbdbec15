import { isComposing } from "@foyer/protocol/keys";
import { useState } from "preact/hooks";
import { common } from "../../core/messages";
import { explain } from "../../core/problems";
import { createWorkspace } from "../../core/session";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Input } from "../../ui/Field";
import { m } from "../messages";

/** Name a further workspace; it opens at once, with its maker as owner. */
export function NewWorkspace({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const create = async () => {
    if (!name.trim() || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await createWorkspace(name.trim());
    } catch (error) {
      setFailure(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={m.newWorkspace}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button tone="primary" busy={busy} disabled={!name.trim()} onClick={() => void create()}>
            {m.createWorkspace}
          </Button>
        </>
      }
    >
      <Input
        label={m.workspaceName}
        hint={m.newWorkspaceHint}
        error={failure}
        maxLength={80}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !isComposing(event)) void create();
        }}
      />
    </Dialog>
  );
}
