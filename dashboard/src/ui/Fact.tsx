import type { ComponentChildren } from "preact";

/** One line of a definition list: what, and its value in its own writing direction. */
export function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
