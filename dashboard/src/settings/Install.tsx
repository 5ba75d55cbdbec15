import { m } from "../app/messages.en";
import { apiOrigin } from "../app/origin";
import { checklistDone } from "../app/prefs";
import { CopyButton } from "./CopyButton";
import { Card } from "./Section";

const text = m.settings.widget;

/** The one line that a site needs. */
export function Install({ widgetKey }: { widgetKey: string }) {
  const origin = apiOrigin || location.origin;
  const snippet = `<script async src="${origin}/widget/loader.js" data-key="${widgetKey}"></script>`;
  return (
    <Card title={text.install} text={text.installText}>
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
    </Card>
  );
}
