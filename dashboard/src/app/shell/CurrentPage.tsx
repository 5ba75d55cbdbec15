import { Compass } from "lucide";
import { useEffect, useErrorBoundary } from "preact/hooks";
import { common } from "../../core/messages";
import { navigate, place } from "../../core/router";
import { Button } from "../../ui/Button";
import { EmptyState, ErrorState } from "../../ui/States";
import { m } from "../messages";
import { findRoute } from "../routes";
import { Screen } from "../Screen";

/** The page of the address. One that breaks says so; the rest of the shell goes on working. */
export function CurrentPage() {
  const { path } = place.value;
  const [error, resetError] = useErrorBoundary(reportError);
  useEffect(() => resetError(), [path]);
  if (error) {
    return (
      <ErrorState
        level={1}
        title={common.problem.unexpected}
        retryLabel={common.retry}
        onRetry={() => location.reload()}
      />
    );
  }
  const route = findRoute(path);
  if (route) return <Screen {...route} />;
  return (
    <EmptyState
      level={1}
      icon={Compass}
      title={m.notFound.title}
      action={<Button onClick={() => navigate("/")}>{common.toConversations}</Button>}
    >
      {m.notFound.text}
    </EmptyState>
  );
}
