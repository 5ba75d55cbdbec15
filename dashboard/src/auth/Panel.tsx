import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { common } from "../core/messages";

interface PanelProps {
  title: string;
  text?: ComponentChildren;
  children: ComponentChildren;
  foot?: ComponentChildren;
}

/** One card's worth of form: a title, the tab's too, a sentence, fields, and the way elsewhere. */
export function Panel({ title, text, children, foot }: PanelProps) {
  useEffect(() => {
    document.title = `${title} · ${common.name}`;
  }, [title]);
  return (
    <>
      <h1 class="auth-title">{title}</h1>
      {text && <p class="auth-text">{text}</p>}
      {children}
      {foot && <p class="auth-foot">{foot}</p>}
    </>
  );
}
