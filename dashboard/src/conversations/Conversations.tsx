import { MessagesSquare } from "lucide";
import { useEffect, useState } from "preact/hooks";
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
import { hrefOf, List } from "./List";
import { m } from "./messages";
import { Pickers } from "./pickers";
import { byId, list } from "./store";
import { Timeline } from "./Timeline";
import { TimelineSkeleton } from "./TimelineSkeleton";
import { openThread } from "./threads";
import { useConversationCommands } from "./useConversationCommands";
import "./conversations.css";

/** Who else has a conversation open is told again this often, milliseconds. */
const VIEWING_EVERY = 30_000;
/** Who is gone again sooner only passed by, and needn't hear who else is here; ms. */
const SKIMMING = 150;

/** List · timeline with composer · details; fewer of them side by side where there is less room. */
export default function Conversations({ id = null }: { id?: string | null }) {
  const wide = useMedia("(min-width: 1200px)");
  const narrow = useMedia("(max-width: 719px)");
  const [layer, setLayer] = useState(false);
  const [list, setList] = useState(listWidth.value);
  const [side, setSide] = useState(detailsWidth.value);
  useEffect(() => setLayer(false), [id, wide]);
  const showDetails = id !== null && mayShow(id) && (wide ? detailsOpen.value : layer);
  const toggleDetails = () => {
    if (wide) detailsOpen.value = !detailsOpen.value;
    else setLayer(!layer);
  };
  useConversationCommands(id, toggleDetails);

  return (
    <div
      class={classes("panes", id && "has-open", showDetails && "has-details")}
      data-alone={id ? "" : undefined}
      style={{ "--list-width": `${list}px`, "--details-width": `${side}px` }}
    >
      <h1 class="visually-hidden">{m.title}</h1>
      {(!narrow || !id) && <List openId={id} />}
      {!narrow && (
        <Separator
          label={m.resize}
          pane="before"
          value={list}
          min={240}
          max={520}
          usual={PANE}
          onChange={setList}
          onSettle={(width) => {
            listWidth.value = width;
          }}
        />
      )}
      {id ? (
        <Thread key={id} id={id} onDetails={toggleDetails} detailsShown={showDetails} />
      ) : (
        !narrow && (
          <section class="thread is-none" aria-label={m.timeline}>
            <Unpicked />
          </section>
        )
      )}
      {showDetails && wide && (
        <Separator
          label={m.resizeDetails}
          pane="after"
          value={side}
          min={240}
          max={480}
          usual={PANE}
          onChange={setSide}
          onSettle={(width) => {
            detailsWidth.value = width;
          }}
        />
      )}
      {showDetails && <OpenDetails id={id} onClose={toggleDetails} />}
      <Pickers />
    </div>
  );
}

/** Whether there is somebody to show details of, or there will be. */
function mayShow(id: string): boolean {
  return id in byId.value || openThread(id).state.value === "loading";
}

function Unpicked() {
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
  detailsShown: boolean;
}

function Thread({ id, onDetails, detailsShown }: ThreadProps) {
  const thread = openThread(id);
  useEffect(() => {
    const tell = () =>
      void (document.visibilityState === "visible" && sendFrame({ action: "viewing", entity: id }));
    let stop = () => {};
    const staying = setTimeout(() => {
      stop = subscribe(`conversation/${id}`, { ready: tell, isCovered: true });
    }, SKIMMING);
    const again = setInterval(tell, VIEWING_EVERY);
    return () => {
      clearTimeout(staying);
      clearInterval(again);
      stop();
    };
  }, [id]);
  const conversation = byId.value[id];
  const listHref = hrefOf("").replace(/\/(?=\?|$)/u, "");
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
    <section class="thread" aria-label={conversation?.contact.name ?? m.timeline}>
      {conversation ? (
        <Head
          conversation={conversation}
          thread={thread}
          listHref={listHref}
          onDetails={onDetails}
          detailsShown={detailsShown}
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

function OpenDetails({ id, onClose }: { id: string; onClose: () => void }) {
  const conversation = byId.value[id];
  return conversation ? <Details conversation={conversation} onClose={onClose} /> : null;
}
