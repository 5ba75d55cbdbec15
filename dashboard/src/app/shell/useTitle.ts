import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { common } from "../../core/messages";
import { place } from "../../core/router";
import { m } from "../messages";
import { places, routeOf } from "../places";

/** The tab's title: how much waits, then where we are. */
export function useTitle(): void {
  useEffect(
    () =>
      effect(() => {
        document.title = `${waiting()}${pageName(place.value.path)} · ${common.name}`;
      }),
    [],
  );
}

function waiting(): string {
  const counts = places().flatMap(({ count }) => count ?? []);
  const value = counts.reduce((sum, one) => sum + one.value, 0);
  const isFloor = counts.some((one) => one.isFloor);
  return value > 0 ? `(${value}${isFloor ? "+" : ""}) ` : "";
}

function pageName(path: string): string {
  return routeOf(path)?.route.title?.() ?? m.notFound.title;
}
