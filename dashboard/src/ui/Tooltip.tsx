import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Kbd } from "./Kbd";

interface Tip {
  text: string;
  keys: string | undefined;
  at: DOMRect;
}

/** Hovering must mean it before a tooltip comes up; milliseconds. */
const PATIENCE_MS = 350;
const tip = signal<Tip | null>(null);

/**
 * The one tooltip of the page: any element may carry `data-tip` (and `data-tip-keys`).
 * It repeats a name that is already there for screen readers, so it is hidden from them.
 */
export function Tooltips() {
  useEffect(() => {
    let timer = 0;
    const hide = () => {
      clearTimeout(timer);
      tip.value = null;
    };
    const show = (target: EventTarget | null, wait: number) => {
      hide();
      const owner = target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
      const text = owner?.dataset.tip;
      if (!owner || !text || owner.getAttribute("aria-expanded") === "true") return;
      timer = window.setTimeout(() => {
        tip.value = { text, keys: owner.dataset.tipKeys, at: owner.getBoundingClientRect() };
      }, wait);
    };
    const onOver = (event: PointerEvent) => {
      if (event.pointerType === "mouse") show(event.target, PATIENCE_MS);
    };
    const onFocus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible"))
        show(event.target, 0);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    const options = { capture: true, passive: true };
    addEventListener("pointerover", onOver, options);
    addEventListener("focusin", onFocus, options);
    addEventListener("focusout", hide, options);
    addEventListener("pointerdown", hide, options);
    addEventListener("scroll", hide, options);
    addEventListener("keydown", onKey, options);
    return () => {
      hide();
      removeEventListener("pointerover", onOver, options);
      removeEventListener("focusin", onFocus, options);
      removeEventListener("focusout", hide, options);
      removeEventListener("pointerdown", hide, options);
      removeEventListener("scroll", hide, options);
      removeEventListener("keydown", onKey, options);
    };
  }, []);
  return tip.value && <TipBubble key={tip.value.text} tip={tip.value} />;
}

function TipBubble({ tip: { text, keys, at } }: { tip: Tip }) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return;
    element.showPopover();
    const { offsetWidth: width, offsetHeight: height } = element;
    const above = at.top - height - 6;
    const left = at.left + at.width / 2 - width / 2;
    element.style.top = `${above > 4 ? above : at.bottom + 6}px`;
    element.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
  }, [at]);
  return (
    <div ref={bubble} class="tooltip" popover="manual" aria-hidden="true">
      <span dir="auto">{text}</span>
      {keys && <Kbd keys={keys} />}
    </div>
  );
}
