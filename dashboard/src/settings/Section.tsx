import type { ComponentChildren } from "preact";
import { common } from "../core/messages";
import { SaveStatus } from "../ui/SaveStatus";
import type { SaveState } from "../ui/useSave";

interface SectionProps {
  title: string;
  text: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A page of settings: its name, one sentence, then cards. */
export function Section({ title, text, aside, children }: SectionProps) {
  return (
    <section class="section">
      <header class="section-head">
        <div>
          <h2 class="section-title">{title}</h2>
          <p class="muted">{text}</p>
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}

interface CardProps {
  title: string;
  text?: ComponentChildren;
  saved?: { state: SaveState; failure: string | null };
  children: ComponentChildren;
}

/** A group of settings that are saved as one goes; the mark beside the title says so. */
export function Card({ title, text, saved, children }: CardProps) {
  return (
    <section class="card">
      <header class="card-head">
        <div>
          <h3 class="card-title">{title}</h3>
          {text && <p class="muted">{text}</p>}
        </div>
        {saved && <SaveStatus {...saved} savingLabel={common.saving} savedLabel={common.saved} />}
      </header>
      {children}
    </section>
  );
}
