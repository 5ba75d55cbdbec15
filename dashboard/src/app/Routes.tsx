import { Compass } from "lucide";
import type { ComponentType } from "preact";
import { useEffect, useErrorBoundary, useState } from "preact/hooks";
import Conversations from "../conversations/Conversations";
import { withTexts } from "../core/messages";
import { m } from "../core/messages.en";
import { match, navigate, place } from "../core/router";
import { Button } from "../ui/Button";
import { Bar, EmptyState, ErrorState, Skeleton } from "../ui/States";

interface Params {
  id?: string;
  section?: string;
}

interface Lazy {
  pattern: string;
  load: () => Promise<{ default: ComponentType<Params> }>;
}

/** Pages beyond the first are fetched when they are first opened. */
const LAZY: readonly Lazy[] = [
  { pattern: "/visitors", load: () => import("../visitors/VisitorsPage") },
  { pattern: "/contacts/:id?", load: () => import("../contacts/ContactsPage") },
  { pattern: "/settings/:section?", load: () => import("../settings/SettingsPage") },
];

/** The page of the address. One that breaks says so; the rest of the shell goes on working. */
export function Routes() {
  const { path } = place.value;
  const [broken, mend] = useErrorBoundary(reportError);
  useEffect(() => mend(), [path]);
  if (broken) {
    return (
      <ErrorState
        level={1}
        title={m.problem.unexpected}
        retryLabel={m.app.retry}
        onRetry={() => location.reload()}
      />
    );
  }
  const conversation = match("/conversations/:id?", path);
  if (conversation) return <Conversations id={conversation.id ?? null} />;
  for (const route of LAZY) {
    const params = match(route.pattern, path);
    if (params) return <LazyPage key={route.pattern} route={route} params={params} />;
  }
  return (
    <EmptyState
      level={1}
      icon={Compass}
      title={m.app.notFound.title}
      action={<Button onClick={() => navigate("/conversations")}>{m.app.toConversations}</Button>}
    >
      {m.app.notFound.text}
    </EmptyState>
  );
}

const loaded = new Map<string, ComponentType<Params>>();

function LazyPage({ route, params }: { route: Lazy; params: Params }) {
  const [failed, setFailed] = useState(false);
  const [, setReady] = useState(false);
  useEffect(() => {
    if (loaded.has(route.pattern)) return;
    withTexts(route.load()).then(
      (module) => {
        loaded.set(route.pattern, module.default);
        setReady(true);
      },
      () => setFailed(true),
    );
  }, []);
  const Page = loaded.get(route.pattern);
  if (Page) return <Page {...params} />;
  if (failed) {
    return (
      <ErrorState
        level={1}
        title={m.problem.loadFailed}
        detail={m.problem.offline}
        retryLabel={m.app.retry}
        // A failed import is remembered by the browser, and after an update its file is gone.
        onRetry={() => location.reload()}
      />
    );
  }
  return (
    <Skeleton label={m.app.loading}>
      <div class="page-skeleton">
        <Bar width={20} height={16} />
        <Bar width={60} />
        <Bar width={50} />
      </div>
    </Skeleton>
  );
}
