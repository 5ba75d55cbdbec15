import type { IdentitySecret, Workspace } from "@foyer/protocol";
import { Eye, EyeOff, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { http } from "../core/session";
import { date } from "../core/time";
import { changeWorkspace, loadWorkspace } from "../core/workspace";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Select } from "../ui/Field";
import { toast } from "../ui/Toast";
import { useSave } from "../ui/useSave";
import { CopyButton } from "./CopyButton";
import { m } from "./messages";
import { Card } from "./Section";

const MODES = ["off", "report", "required"] as const;
/** As many as a rotation needs. */
const MOST_SECRETS = 2;

/** How a site proves who its signed-in users are. */
export function Identity({ current, mayChange }: { current: Workspace; mayChange: boolean }) {
  const saved = useSave(explain);
  const [secretToDelete, setSecretToDelete] = useState<IdentitySecret | null>(null);
  const { mode, secrets } = current.identity;
  const add = () =>
    void saved.save(async () => {
      await http.post("/v1/workspace/identity-secrets", {});
      await loadWorkspace();
    });
  const remove = (secret: IdentitySecret) => {
    setSecretToDelete(null);
    void saved.save(async () => {
      await http.delete(`/v1/workspace/identity-secrets/${secret.id}`);
      await loadWorkspace();
      toast({ text: m.widget.secretDeleted });
    });
  };
  return (
    <Card title={m.widget.identity} text={m.widget.identityText} saved={saved}>
      <Select
        label={m.widget.mode}
        value={mode}
        options={MODES.map((one) => ({ value: one, label: m.widget.modes[one] }))}
        onChange={(event) => {
          const next = event.currentTarget.value as (typeof MODES)[number];
          void saved.save(() => changeWorkspace({ identity: { mode: next } }));
        }}
      />
      {mayChange && (
        <div class="stack">
          <div>
            <h4 class="field-label">{m.widget.secrets}</h4>
            <p class="field-hint">{m.widget.secretsText}</p>
          </div>
          {secrets.length === 0 && <p class="muted">{m.widget.noSecrets}</p>}
          {secrets.map((secret) => (
            <SecretLine
              key={secret.id}
              secret={secret}
              onDelete={() => setSecretToDelete(secret)}
            />
          ))}
          {secrets.length < MOST_SECRETS && (
            <div>
              <Button onClick={add}>{m.widget.addSecret}</Button>
            </div>
          )}
        </div>
      )}
      {secretToDelete && (
        <Dialog
          title={m.widget.deleteTitle}
          closeLabel={common.close}
          onClose={() => setSecretToDelete(null)}
          footer={
            <>
              <Button onClick={() => setSecretToDelete(null)}>{common.cancel}</Button>
              <Button tone="danger" onClick={() => remove(secretToDelete)}>
                {m.widget.deleteSecret}
              </Button>
            </>
          }
        >
          <p>{m.widget.deleteText}</p>
        </Dialog>
      )}
    </Card>
  );
}

function SecretLine({ secret, onDelete }: { secret: IdentitySecret; onDelete: () => void }) {
  const [isVisible, setIsVisible] = useState(false);
  return (
    <div class="secret">
      <code class="truncate">{isVisible ? secret.secret : "•".repeat(24)}</code>
      <span class="muted">{m.widget.created({ date: date(secret.created_at) })}</span>
      <IconButton
        icon={isVisible ? EyeOff : Eye}
        label={isVisible ? m.widget.hide : m.widget.show}
        onClick={() => setIsVisible(!isVisible)}
      />
      <CopyButton label={m.widget.copySecret} value={secret.secret} />
      <IconButton icon={Trash2} label={m.widget.deleteSecret} onClick={onDelete} />
    </div>
  );
}
