import type { Workspace } from "@foyer/protocol";
import { useMemo } from "preact/hooks";
import { m } from "../app/messages.en";
import { apiOrigin } from "../app/session";

const text = m.settings.widget;

/**
 * The real widget on an empty page of its own, loaded anew after each saved change.
 * A srcdoc page has this page's own content security policy and needs no file of its own.
 */
export function Preview({ current }: { current: Workspace }) {
  const { widget_key, widget, name } = current;
  const look = JSON.stringify([widget, name]);
  const page = useMemo(() => previewPage(widget_key), [widget_key]);
  return (
    <aside class="preview" aria-label={text.preview}>
      <p class="preview-title">
        <strong>{text.preview}</strong> <span class="muted">{text.previewText}</span>
      </p>
      <iframe key={look} class="preview-frame" title={text.preview} srcdoc={page} />
    </aside>
  );
}

function previewPage(key: string): string {
  const origin = apiOrigin || location.origin;
  const source = attribute(`${origin}/widget/loader.js`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text.preview}</title><meta name="color-scheme" content="light dark"><script src="${attribute(`${location.origin}/preview.js`)}"></script><script src="${source}" data-key="${attribute(key)}" data-launcher-hidden="false"></script><main><h1>${text.preview}</h1></main>`;
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
