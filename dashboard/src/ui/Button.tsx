import type { IconNode } from "lucide";
import type { ButtonHTMLAttributes, ComponentChildren, Ref } from "preact";
import { classes } from "./classes";
import { Icon } from "./Icon";

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "size" | "class" | "label">;

interface ButtonProps extends Native {
  children: ComponentChildren;
  icon?: IconNode | undefined;
  tone?: "primary" | "plain" | "quiet" | "danger";
  size?: "small" | "medium" | "large";
  /** True while the action runs: the button keeps its width and refuses a second press. */
  busy?: boolean | undefined;
  class?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words. One primary per view; plain for the rest; quiet inside toolbars. */
export function Button(props: ButtonProps) {
  const { children, icon, tone = "plain", size = "medium", busy, class: extra, ...native } = props;
  return (
    <button
      type="button"
      {...native}
      class={classes("button", `button-${tone}`, `button-${size}`, busy && "is-busy", extra)}
      aria-busy={busy ? "true" : undefined}
      disabled={native.disabled || busy}
    >
      {icon && <Icon of={icon} />}
      <span class="button-label">{children}</span>
    </button>
  );
}

interface IconButtonProps extends Native {
  icon: IconNode;
  /** The button's name, also shown as its tooltip. */
  label: string;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string | undefined;
  pressed?: boolean | undefined;
  size?: "small" | "medium";
  class?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button drawn as an icon; its name is read aloud and shown on hover and focus. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, keys, pressed, size = "medium", class: extra, ...native } = props;
  return (
    <button
      type="button"
      {...native}
      class={classes("icon-button", `icon-button-${size}`, pressed && "is-pressed", extra)}
      aria-label={label}
      aria-pressed={pressed}
      data-tip={label}
      data-tip-keys={keys}
    >
      <Icon of={icon} />
    </button>
  );
}
