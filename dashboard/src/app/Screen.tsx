import { common } from "../core/messages";
import { Bar, Skeleton } from "../ui/States";
import { Late } from "./Late";
import type { Found } from "./places";

/** A module's screen. Several addresses may lead to one, which then stays. */
export function Screen({ route, params }: Found) {
  return (
    <Late key={route.load} load={route.load} params={params}>
      <Skeleton label={common.loading}>
        <div class="page-skeleton">
          <Bar width={20} height={16} />
          <Bar width={60} />
          <Bar width={50} />
        </div>
      </Skeleton>
    </Late>
  );
}
