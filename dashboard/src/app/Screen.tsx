import { common } from "../core/messages";
import { Bar, Skeleton } from "../ui/States";
import { Lazy } from "./Lazy";
import type { RouteMatch } from "./routes";

/** A module's screen. Several addresses may lead to one, which then stays. */
export function Screen({ route, params }: RouteMatch) {
  return (
    <Lazy key={route.load} load={route.load} params={params}>
      <Skeleton label={common.loading}>
        <div class="page-skeleton">
          <Bar width={20} height={16} />
          <Bar width={60} />
          <Bar width={50} />
        </div>
      </Skeleton>
    </Lazy>
  );
}
