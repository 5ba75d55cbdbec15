import { Compass } from "lucide";
import { useEffect, useErrorBoundary } from "preact/hooks";
import { m } from "../../core/messages.en";
import { navigate, place } from "../../core/router";
import { Button } from "../../ui/Button";
import { EmptyState, ErrorState } from "../../ui/States";
import { routeOf } from "../places";
import { Screen } from "../Screen";

/** The page of the address. One that breaks says so; the rest of the shell goes on working. */
export function Inside() {
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
  const found = routeOf(path);
  if (found) return <Screen {...found} />;
  return (
    <EmptyState
      level={1}
      icon={Compass}
      title={m.app.notFound.title}
      action={<Button onClick={() => navigate("/")}>{m.app.toConversations}</Button>}
    >
      {m.app.notFound.text}
    </EmptyState>
  );
}
