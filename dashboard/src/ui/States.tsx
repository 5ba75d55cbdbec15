import type { IconNode } from "lucide";
import { CircleAlert } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "./Button";
import { classes } from "./classes";
import { Icon } from "./Icon";

/** A wait shorter than this shows nothing at all, so that quick answers never flicker; ms. */
const SKELETON_AFTER_MS = 150;

/** Draws its children only when the wait has become noticeable. */
export function Skeleton({ label, children }: { label: string; children: ComponentChildren }) {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsDue(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={classes("skeleton", isDue && "is-due")} role="status" aria-label={label}>
      {isDue && children}
    </div>
  );
}

/** One grey bar; width in percent of what will stand there. */
export function Bar({ width, height = 10 }: { width: number; height?: number }) {
  return <span class="bar" style={{ width: `${width}%`, height: `${height}px` }} />;
}

/** `count` rows in the shape of a list with avatars. */
export function RowSkeletons({ count, height }: { count: number; height: number }) {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class="row-skeleton" style={{ height: `${height}px` }}>
          <span class="bar bar-round" />
          <div>
            <Bar width={35 + ((index * 17) % 30)} />
            <Bar width={55 + ((index * 23) % 35)} height={8} />
          </div>
        </div>
      ))}
    </>
  );
}

interface EmptyProps {
  icon: IconNode;
  title: string;
  children?: ComponentChildren;
  /** The one thing to do here. */
  action?: ComponentChildren;
  /** Level one where this is all there is on the page. */
  level?: 1 | 2;
}

/** Says what would be here, why it is not, and what to do. */
export function EmptyState({ icon, title, children, action, level = 2 }: EmptyProps) {
  const Title = `h${level}` as "h1" | "h2";
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon of={icon} size={20} />
      </span>
      <Title class="empty-title">{title}</Title>
      {children && <p class="empty-text">{children}</p>}
      {action && <div class="empty-action">{action}</div>}
    </div>
  );
}

interface ErrorProps {
  title: string;
  /** What was kept, and what to do. */
  detail?: string | undefined;
  retryLabel?: string;
  onRetry?: () => void;
  /** Level one where this is all there is on the page. */
  level?: 1 | 2;
}

export function ErrorState({ title, detail, retryLabel, onRetry, level = 2 }: ErrorProps) {
  const Title = `h${level}` as "h1" | "h2";
  return (
    <div class="empty" role="alert">
      <span class="empty-icon is-danger">
        <Icon of={CircleAlert} size={20} />
      </span>
      <Title class="empty-title">{title}</Title>
      {detail && (
        <p class="empty-text" dir="auto">
          {detail}
        </p>
      )}
      {onRetry && retryLabel && (
        <div class="empty-action">
          <Button onClick={onRetry}>{retryLabel}</Button>
        </div>
      )}
    </div>
  );
}

interface BannerProps {
  icon: IconNode;
  tone?: "plain" | "warning" | "danger";
  children: ComponentChildren;
  action?: ComponentChildren;
}

/** A calm line across the page about the whole of it. */
export function Banner({ icon, tone = "plain", children, action }: BannerProps) {
  return (
    <div class={`banner banner-${tone}`} role="status">
      <Icon of={icon} />
      <div class="banner-body">
        <span>{children}</span>
        {action}
      </div>
    </div>
  );
}
