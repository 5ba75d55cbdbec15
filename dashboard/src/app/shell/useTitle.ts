import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { common } from "../../core/messages";
import { places } from "../../core/places";
import { place } from "../../core/router";
import { m } from "../messages";
import { navItems } from "../modules";
import { findRoute } from "../routes";

/** The tab's title: how much waits, then where we are. */
export function useTitle(): void {
  useEffect(
    () =>
      effect(() => {
        document.title = `${countPrefix()}${pageName(place.value.path)} · ${common.name}`;
      }),
    [],
  );
}

function countPrefix(): string {
  const counts = navItems().flatMap(({ count }) => count ?? []);
  const value = counts.reduce((sum, one) => sum + one.value, 0);
  return value > 0 ? `(${value}) ` : "";
}

function pageName(path: string): string {
  const name = findRoute(path)?.route.title;
  return name ? places[name] : m.notFound.title;
}
