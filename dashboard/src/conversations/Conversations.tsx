import { MessagesSquare } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { displayName } from "../contacts/public/displayName";
import { sendFrame, subscribe } from "../core/live";
import { detailsOpen, detailsWidth, listWidth, PANE } from "../core/prefs";
import { navigate } from "../core/router";
import { useMedia } from "../core/useMedia";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Separator } from "../ui/Panes";
import { EmptyState } from "../ui/States";
import { Composer } from "./Composer";
import { Details } from "./Details";
import { BackToList, Head } from "./Head";
import { conversationHref, List } from "./List";
import { m } from "./messages";
import { Pickers } from "./pickers";
import { byId, list } from "./store";
import { Timeline } from "./Timeline";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { openThread } from "./threads";
import { useConversationCommands } from "./useConversationCommands";
import "./conversations.css";

/** Who else has a conversation open is told again this often, milliseconds. */
const VIEWING_INTERVAL = 30_000;
/** Who is gone again sooner only passed by, and needn't hear who else is here; ms. */
const SKIM_MS = 150;

/** List · timeline with composer · details; fewer of them side by side where there is less room. */
export default function Conversations({ id = null }: { id?: string | null }) {
  const isWide = useMedia("(min-width: 1200px)");
  const isNarrow = useMedia("(max-width: 719px)");
  const [isLayerOpen, setIsLayerOpen] = useState(false);
  const [list, setList] = useState(listWidth.value);
  const [side, setSide] = useState(detailsWidth.value);
  useEffect(() => setIsLayerOpen(false), [id, isWide]);
  const showDetails =
    id !== null && canShowDetails(id) && (isWide ? detailsOpen.value : isLayerOpen);
  const toggleDetails = () => {
    if (isWide) detailsOpen.value = !detailsOpen.value;
    else setIsLayerOpen(!isLayerOpen);
  };
  useConversationCommands(id, toggleDetails);

  return (
    <div
      class={classes("panes", id && "has-open", showDetails && "has-details")}
      data-alone={id ? "" : undefined}
      style={{ "--list-width": `${list}px`, "--details-width": `${side}px` }}
    >
      <h1 class="visually-hidden">{m.title}</h1>
      {(!isNarrow || !id) && <List openId={id} />}
      {!isNarrow && (
        <Separator
          label={m.resize}
          pane="before"
          value={list}
          min={240}
          max={520}
          defaultValue={PANE}
          onChange={setList}
          onCommit={(width) => {
            listWidth.value = width;
          }}
        />
      )}
      {id ? (
        <ThreadPane key={id} id={id} onDetails={toggleDetails} isDetailsOpen={showDetails} />
      ) : (
        !isNarrow && (
          <section class="thread is-none" aria-label={m.timeline}>
            <NoConversation />
          </section>
        )
      )}
      {showDetails && isWide && (
        <Separator
          label={m.resizeDetails}
          pane="after"
          value={side}
          min={240}
          max={480}
          defaultValue={PANE}
          onChange={setSide}
          onCommit={(width) => {
            detailsWidth.value = width;
          }}
        />
      )}
      {showDetails && <DetailsPane id={id} onClose={toggleDetails} />}
      <Pickers />
    </div>
  );
}

/** Whether there is somebody to show details of, or there will be. */
function canShowDetails(id: string): boolean {
  return id in byId.value || openThread(id).state.value === "loading";
}

function NoConversation() {
  if (!list.value.isFetched) return null;
  if (Object.keys(byId.value).length === 0)
    return <EmptyState icon={MessagesSquare} title={m.waitingForFirst} />;
  return (
    <EmptyState icon={MessagesSquare} title={m.pick}>
      {m.pickText}
    </EmptyState>
  );
}

interface ThreadProps {
  id: string;
  onDetails: () => void;
  isDetailsOpen: boolean;
}

function ThreadPane({ id, onDetails, isDetailsOpen }: ThreadProps) {
  const thread = openThread(id);
  useEffect(() => {
    const sendViewing = () =>
      void (document.visibilityState === "visible" && sendFrame({ action: "viewing", entity: id }));
    let stop = () => {};
    const timer = setTimeout(() => {
      stop = subscribe(`conversation/${id}`, { ready: sendViewing, isCovered: true });
    }, SKIM_MS);
    const interval = setInterval(sendViewing, VIEWING_INTERVAL);
    return () => {
      clearTimeout(timer);
      clearInterval(interval);
      stop();
    };
  }, [id]);
  const conversation = byId.value[id];
  const listHref = conversationHref("").replace(/\/(?=\?|$)/u, "");
  if (thread.state.value === "missing") {
    return (
      <section class="thread is-none" aria-label={m.timeline}>
        <EmptyState
          icon={MessagesSquare}
          title={m.none}
          action={<Button onClick={() => navigate(listHref)}>{m.actions.back}</Button>}
        >
          {m.noneText}
        </EmptyState>
      </section>
    );
  }
  return (
    <section
      class="thread"
      aria-label={conversation ? displayName(conversation.contact) : m.timeline}
    >
      {conversation ? (
        <Head
          conversation={conversation}
          thread={thread}
          listHref={listHref}
          onDetails={onDetails}
          isDetailsOpen={isDetailsOpen}
        />
      ) : (
        <header class="thread-head">
          <BackToList href={listHref} />
        </header>
      )}
      {conversation || thread.state.value !== "loading" ? (
        <Timeline thread={thread} />
      ) : (
        <TimelineSkeleton />
      )}
      {conversation && <Composer conversation={conversation} />}
    </section>
  );
}

function DetailsPane({ id, onClose }: { id: string; onClose: () => void }) {
  const conversation = byId.value[id];
  return conversation ? <Details conversation={conversation} onClose={onClose} /> : null;
}
