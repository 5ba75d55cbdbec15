import type { Workspace } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { apiOrigin } from "../core/origin";
import { checklistDone } from "../core/prefs";
import { explain } from "../core/problems";
import { http } from "../core/session";
import { setWorkspace } from "../core/workspace";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/Toast";
import { useSave } from "../ui/useSave";
import { CopyButton } from "./CopyButton";
import { m } from "./messages";
import { Card } from "./Section";

/** The one line that a site needs, and a new one where the old has come into wrong hands. */
export function Install({ widgetKey, mayChange }: { widgetKey: string; mayChange: boolean }) {
  const saved = useSave(explain);
  const [isConfirming, setIsConfirming] = useState(false);
  const replace = () => {
    setIsConfirming(false);
    void saved.save(async () => {
      setWorkspace(await http.post<Workspace>("/v1/workspace/widget-key"));
      toast({ text: m.widget.keyReplaced });
    });
  };
  const origin = apiOrigin || location.origin;
  const snippet = `<script async src="${origin}/widget/loader.js" data-key="${widgetKey}"></script>`;
  return (
    <Card title={m.widget.install} text={m.widget.installText} saved={saved}>
      <div class="snippet">
        <pre dir="ltr">
          <code>{snippet}</code>
        </pre>
        <CopyButton
          label={m.widget.copyInstall}
          value={snippet}
          onCopy={() => {
            checklistDone.value = [...new Set([...checklistDone.value, "install"])];
          }}
        />
      </div>
      <p class="field-hint">{m.widget.csp}</p>
      {mayChange && (
        <div>
          <Button onClick={() => setIsConfirming(true)}>{m.widget.replaceKey}</Button>
        </div>
      )}
      {isConfirming && (
        <Dialog
          title={m.widget.replaceTitle}
          closeLabel={common.close}
          onClose={() => setIsConfirming(false)}
          footer={
            <>
              <Button onClick={() => setIsConfirming(false)}>{common.cancel}</Button>
              <Button tone="danger" onClick={replace}>
                {m.widget.replaceKey}
              </Button>
            </>
          }
        >
          <p>{m.widget.replaceText}</p>
        </Dialog>
      )}
    </Card>
  );
}
