import type { Workspace } from "@foyer/protocol";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { language } from "../core/messages";
import { apiOrigin } from "../core/origin";
import { me } from "../core/session";
import { m } from "./messages";
import { previewOptions } from "./sample";

type Host = Window & { Foyer?: (command: string, options?: unknown) => void };

/**
 * The real widget on an empty page of its own, with a sample instead of a visitor: nobody goes
 * online and nothing is sent. Saved changes are drawn in place.
 * A srcdoc page has this page's own content security policy and needs no file of its own.
 */
export function Preview({ current }: { current: Workspace }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const callWidget = (command: string, options?: unknown) =>
    (frame.current?.contentWindow as Host | null)?.Foyer?.(command, options);
  const options = previewOptions(current, me.value?.name ?? current.name);
  const title = m.widget.preview;
  const page = useMemo(() => policy.createHTML(title) as string, [title]);
  const { widget, name } = current;
  // What the options are made of, apart from the times.
  useEffect(() => callWidget("update", options), [JSON.stringify([widget, name])]);
  const boot = () => {
    callWidget("boot", options);
    callWidget("open");
  };
  return (
    <aside class="preview" aria-label={title}>
      <p class="preview-title">
        <strong>{title}</strong> <span class="muted">{m.widget.previewText}</span>
      </p>
      <iframe ref={frame} class="preview-frame" title={title} srcdoc={page} onLoad={boot} />
    </aside>
  );
}

/** The page that the widget stands on. */
function pageHtml(title: string): string {
  const loader = escapeAttribute(`${apiOrigin || location.origin}/widget/loader.js`);
  return `<!doctype html><html lang="${language.value}"><meta charset="utf-8"><title>${title}</title><meta name="color-scheme" content="light dark"><script src="${loader}"></script><main><h1>${title}</h1></main>`;
}

/** The page as browsers take it that enforce trusted types: the dashboard's policy lists this one. */
const policy = window.trustedTypes?.createPolicy("foyer-preview", { createHTML: pageHtml }) ?? {
  createHTML: pageHtml,
};

declare global {
  interface Window {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createHTML(title: string): string },
      ): { createHTML(title: string): unknown };
    };
  }
}

function escapeAttribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
