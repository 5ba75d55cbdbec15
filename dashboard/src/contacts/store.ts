/** Everybody who has written, as lists by what is searched for. */

import type { Contact } from "@foyer/protocol";
import { collection } from "../core/collection";
import { place } from "../core/router";
import { http } from "../core/session";
import { fold, listingOf } from "./model";

const PAGE = 50;

/** What is searched for, as the URL says; empty for everybody. */
export function currentQuery(): string {
  return place.value.query.get("query") ?? "";
}

/** By query. */
export const contacts = collection<Contact, string>({
  fetchPage: (query, cursor) =>
    http.get("/v1/contacts", { query: query || null, limit: PAGE, cursor }),
  listing: listingOf,
  fold,
  listActiveFilters: () => [currentQuery()],
});
