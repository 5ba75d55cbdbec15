import type { Workspace } from "@foyer/protocol";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../core/messages.en";
import { apiOrigin } from "../core/origin";
import { me } from "../core/session";
import { previewOptions } from "./sample";

const text = m.settings.widget;

type Host = Window & { Foyer?: (command: string, options?: unknown) => void };

/**
 * The real widget on an empty page of its own, with a sample instead of a visitor: nobody goes
 * online and nothing is sent. Saved changes are drawn in place.
 * A srcdoc page has this page's own content security policy and needs no file of its own.
 */
export function Preview({ current }: { current: Workspace }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const foyer = (command: string, options?: unknown) =>
    (frame.current?.contentWindow as Host | null)?.Foyer?.(command, options);
  const options = previewOptions(current, me.value?.name ?? current.name);
  const { widget, name } = current;
  // What the options are made of, apart from the times.
  useEffect(() => foyer("update", options), [JSON.stringify([widget, name])]);
  const start = () => {
    foyer("boot", options);
    foyer("open");
  };
  return (
    <aside class="preview" aria-label={text.preview}>
      <p class="preview-title">
        <strong>{text.preview}</strong> <span class="muted">{text.previewText}</span>
      </p>
      <iframe
        ref={frame}
        class="preview-frame"
        title={text.preview}
        srcdoc={trusted}
        onLoad={start}
      />
    </aside>
  );
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text.preview}</title><meta name="color-scheme" content="light dark"><script src="${attribute(`${apiOrigin || location.origin}/widget/loader.js`)}"></script><main><h1>${text.preview}</h1></main>`;

/** The page as browsers take it that enforce trusted types: the dashboard's policy lists this one. */
const trusted = (window.trustedTypes
  ?.createPolicy("foyer-preview", { createHTML: () => PAGE })
  .createHTML("") ?? PAGE) as string;

declare global {
  interface Window {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createHTML(): string },
      ): { createHTML(html: string): unknown };
    };
  }
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
