import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { unread, unreadIsFloor } from "../conversations/store";
import { m } from "../core/messages.en";
import { match, place } from "../core/router";

/** The tab's title: how much is unread, then where we are. */
export function useTitle(): void {
  useEffect(
    () =>
      effect(() => {
        const waiting =
          unread.value > 0 ? `(${unread.value}${unreadIsFloor.value ? "+" : ""}) ` : "";
        document.title = `${waiting}${pageName(place.value.path)} · ${m.app.name}`;
      }),
    [],
  );
}

function pageName(path: string): string {
  const { nav } = m.app;
  if (match("/visitors", path)) return nav.visitors;
  if (match("/contacts/:id?", path)) return nav.contacts;
  if (match("/settings/:section?", path)) return nav.settings;
  if (match("/conversations/:id?", path)) return nav.conversations;
  return m.app.notFound.title;
}
