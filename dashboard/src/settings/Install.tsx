import type { Workspace } from "@foyer/protocol";
import { useState } from "preact/hooks";
import { m } from "../core/messages.en";
import { apiOrigin } from "../core/origin";
import { checklistDone } from "../core/prefs";
import { explain } from "../core/problems";
import { http } from "../core/session";
import { setWorkspace } from "../core/workspace";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/Toast";
import { useSaved } from "../ui/useSaved";
import { CopyButton } from "./CopyButton";
import { Card } from "./Section";

const text = m.settings.widget;

/** The one line that a site needs, and a new one where the old has come into wrong hands. */
export function Install({ widgetKey, mayChange }: { widgetKey: string; mayChange: boolean }) {
  const saved = useSaved(explain);
  const [asking, setAsking] = useState(false);
  const replace = () => {
    setAsking(false);
    void saved.save(async () => {
      setWorkspace(await http.post<Workspace>("/v1/workspace/widget-key"));
      toast({ text: text.keyReplaced });
    });
  };
  const origin = apiOrigin || location.origin;
  const snippet = `<script async src="${origin}/widget/loader.js" data-key="${widgetKey}"></script>`;
  return (
    <Card title={text.install} text={text.installText} saved={saved}>
      <div class="snippet">
        <pre dir="ltr">
          <code>{snippet}</code>
        </pre>
        <CopyButton
          label={text.copyInstall}
          value={snippet}
          onCopied={() => {
            checklistDone.value = [...new Set([...checklistDone.value, "install"])];
          }}
        />
      </div>
      <p class="field-hint">{text.csp}</p>
      {mayChange && (
        <div>
          <Button onClick={() => setAsking(true)}>{text.replaceKey}</Button>
        </div>
      )}
      {asking && (
        <Dialog
          title={text.replaceTitle}
          closeLabel={m.app.close}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{m.app.cancel}</Button>
              <Button tone="danger" onClick={replace}>
                {text.replaceKey}
              </Button>
            </>
          }
        >
          <p>{text.replaceText}</p>
        </Dialog>
      )}
    </Card>
  );
}
