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
import { entriesOf } from "./outbox";
import { conversationOf } from "./store";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { type Block, blocksOf } from "./thread";
import { loadOlder, loadThread, markRead, type OpenThread } from "./threads";

/** Closer to the end than this counts as being at the end; CSS pixels. */
const NEAR_END = 80;
/** Closer to the top than this loads earlier messages; CSS pixels. */
const NEAR_TOP = 240;

export function Timeline({ thread }: { thread: OpenThread }) {
  const state = thread.state.value;
  if (state === "loading") return <TimelineSkeleton />;
  if (state === "failed") {
    return (
      <ErrorState
        title={common.loadFailed}
        detail={thread.reason.value}
        retryLabel={common.retry}
        onRetry={() => void loadThread(thread)}
      />
    );
  }
  return <Messages thread={thread} />;
}

function Messages({ thread }: { thread: OpenThread }) {
  const scroller = useRef<HTMLDivElement>(null);
  const timeline = thread.timeline.value;
  const entries = entriesOf(thread.id);
  const [readSeq] = useState(() => lastReadSeq(thread.id));
  const blocks = useMemo(
    () => blocksOf(timeline, { dayOf: (iso) => dayKey(iso, timeZone.value), readSeq, entries }),
    [timeline, entries, readSeq, timeZone.value],
  );
  const { isAtEnd, newCount, scrollToEnd, onScroll } = useStickToEnd(scroller, thread, entries);

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
          <OlderButton thread={thread} />
          {blocks.map((block) => (
            <BlockView key={block.key} block={block} thread={thread} />
          ))}
          {thread.typing.value.map((author) => (
            <TypingBubble key={author.id} author={author} />
          ))}
        </div>
      </div>
      {!isAtEnd && (
        <Button class="jump" icon={ArrowDown} size="small" onClick={scrollToEnd}>
          {newCount > 0 ? m.latestNew({ count: newCount }) : m.latest}
        </Button>
      )}
    </div>
  );
}

function OlderButton({ thread }: { thread: OpenThread }) {
  if (!thread.timeline.value.olderCursor) return null;
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

function BlockView({ block, thread }: { block: Block; thread: OpenThread }) {
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
          isStart={block.isStart}
          isEnd={block.isEnd}
          isMine={block.message.author.id === me.value?.id}
        />
      );
    case "entry":
      return <EntryBubble entry={block.entry} />;
  }
}

/** The `seq` up to which I had read on opening; null when nothing was unread. */
function lastReadSeq(id: string): number | null {
  const known = conversationOf(id);
  return known && known.unread > 0 ? known.last_seq - known.unread : null;
}

/**
 * Stay at the end while the reader is there, keep the place while older messages come in above,
 * and count what arrived below while the reader was elsewhere. What was seen is marked as read.
 */
function useStickToEnd(
  scroller: { readonly current: HTMLDivElement | null },
  thread: OpenThread,
  entries: readonly Entry[],
) {
  const { messages, last_seq: lastSeq } = thread.timeline.value.thread;
  const [isAtEnd, setIsAtEnd] = useState(true);
  const seenSeq = useRef(lastSeq);
  const sticksToEnd = useRef(true);
  const previous = useRef({ first: messages[0]?.seq ?? 0, height: 0 });

  const scrollToEnd = () => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const first = messages[0]?.seq ?? 0;
    if (first < previous.current.first) box.scrollTop += box.scrollHeight - previous.current.height;
    else if (sticksToEnd.current) scrollToEnd();
    previous.current = { first, height: box.scrollHeight };
  });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => sticksToEnd.current && scrollToEnd());
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    sticksToEnd.current = true;
    scrollToEnd();
  }, [entries.length]);
  useEffect(() => {
    const markSeen = () => {
      if (!sticksToEnd.current || document.visibilityState === "hidden" || !document.hasFocus())
        return;
      seenSeq.current = lastSeq;
      if (lastSeq > 0) void markRead(thread.id, lastSeq);
    };
    markSeen();
    addEventListener("focus", markSeen);
    return () => removeEventListener("focus", markSeen);
  }, [lastSeq, isAtEnd]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const isNearEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    sticksToEnd.current = isNearEnd;
    setIsAtEnd(isNearEnd);
    if (box.scrollTop < NEAR_TOP) void loadOlder(thread);
  };
  return { isAtEnd, newCount: Math.max(0, lastSeq - seenSeq.current), scrollToEnd, onScroll };
}
