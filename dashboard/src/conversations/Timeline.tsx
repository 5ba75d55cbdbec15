import { dayKey, dayName, type Entry } from "@foyer/protocol";
import { ArrowDown } from "lucide";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { common, locale } from "../core/messages";
import { me, timeZone } from "../core/session";
import { minuteNow } from "../core/time";
import { Button } from "../ui/Button";
import { ErrorState } from "../ui/States";
import { Bubble, TypingBubble } from "./Bubble";
import { EntryBubble } from "./EntryBubble";
import { EventRun } from "./EventRun";
import { m } from "./messages";
import { entriesOf } from "./sending";
import { conversationOf } from "./store";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { type Block, blocksOf } from "./thread";
import { load, loadOlder, markRead, type Opened } from "./threads";

/** Closer to the end than this counts as being at the end; CSS pixels. */
const NEAR_END = 80;
/** Closer to the top than this loads earlier messages; CSS pixels. */
const NEAR_TOP = 240;

export function Timeline({ thread }: { thread: Opened }) {
  const state = thread.state.value;
  if (state === "loading") return <TimelineSkeleton />;
  if (state === "failed") {
    return (
      <ErrorState
        title={common.loadFailed}
        detail={thread.reason.value}
        retryLabel={common.retry}
        onRetry={() => void load(thread)}
      />
    );
  }
  return <Messages thread={thread} />;
}

function Messages({ thread }: { thread: Opened }) {
  const scroller = useRef<HTMLDivElement>(null);
  const timeline = thread.timeline.value;
  const entries = entriesOf(thread.id);
  const [readUpTo] = useState(() => unreadFrom(thread.id));
  const blocks = useMemo(
    () => blocksOf(timeline, { dayOf: (iso) => dayKey(iso, timeZone.value), readUpTo, entries }),
    [timeline, entries, readUpTo, timeZone.value],
  );
  const { atEnd, missed, toEnd, onScroll } = useStickToEnd(scroller, thread, entries);

  return (
    <div class="timeline-frame">
      <div
        ref={scroller}
        class="timeline scroller"
        role="log"
        aria-label={m.timeline}
        aria-live="polite"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="timeline-track">
          <Beginning thread={thread} />
          {blocks.map((block) => (
            <BlockView key={block.key} block={block} thread={thread} />
          ))}
          {thread.typing.value.map((author) => (
            <TypingBubble key={author.id} author={author} />
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button class="jump" icon={ArrowDown} size="small" onClick={toEnd}>
          {missed > 0 ? m.latestNew({ count: missed }) : m.latest}
        </Button>
      )}
    </div>
  );
}

function Beginning({ thread }: { thread: Opened }) {
  if (!thread.timeline.value.older) return null;
  return (
    <div class="timeline-older">
      <Button
        tone="quiet"
        size="small"
        busy={thread.loadingOlder.value}
        onClick={() => void loadOlder(thread)}
      >
        {m.older}
      </Button>
    </div>
  );
}

function BlockView({ block, thread }: { block: Block; thread: Opened }) {
  switch (block.kind) {
    case "day":
      return (
        <div class="divider">
          <span>{dayName(block.at, minuteNow.value, locale.value, timeZone.value)}</span>
        </div>
      );
    case "new":
      return (
        <div class="divider divider-new">
          <span>{m.newDivider}</span>
        </div>
      );
    case "events":
      return <EventRun events={block.events} />;
    case "message":
      return (
        <Bubble
          message={block.message}
          thread={thread.timeline.value.thread}
          starts={block.starts}
          ends={block.ends}
          mine={block.message.author.id === me.value?.id}
        />
      );
    case "entry":
      return <EntryBubble entry={block.entry} />;
  }
}

/** The `seq` up to which I had read on opening; null when nothing was unread. */
function unreadFrom(id: string): number | null {
  const known = conversationOf(id);
  return known && known.unread > 0 ? known.last_seq - known.unread : null;
}

/**
 * Stay at the end while the reader is there, keep the place while older messages come in above,
 * and count what arrived below while the reader was elsewhere. What was seen is marked as read.
 */
function useStickToEnd(
  scroller: { readonly current: HTMLDivElement | null },
  thread: Opened,
  entries: readonly Entry[],
) {
  const { messages, last_seq: lastSeq } = thread.timeline.value.thread;
  const [atEnd, setAtEnd] = useState(true);
  const seen = useRef(lastSeq);
  const stick = useRef(true);
  const before = useRef({ first: messages[0]?.seq ?? 0, height: 0 });

  const toEnd = () => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const first = messages[0]?.seq ?? 0;
    if (first < before.current.first) box.scrollTop += box.scrollHeight - before.current.height;
    else if (stick.current) toEnd();
    before.current = { first, height: box.scrollHeight };
  });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => stick.current && toEnd());
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    stick.current = true;
    toEnd();
  }, [entries.length]);
  useEffect(() => {
    const look = () => {
      if (!stick.current || document.visibilityState === "hidden" || !document.hasFocus()) return;
      seen.current = lastSeq;
      if (lastSeq > 0) void markRead(thread.id, lastSeq);
    };
    look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [lastSeq, atEnd]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    stick.current = near;
    setAtEnd(near);
    if (box.scrollTop < NEAR_TOP) void loadOlder(thread);
  };
  return { atEnd, missed: Math.max(0, lastSeq - seen.current), toEnd, onScroll };
}
