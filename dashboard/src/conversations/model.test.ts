import type { Conversation, OperatorEvent } from "@foyer/protocol";
import { describe, expect, test } from "vitest";
import { addPage, applyChange, NO_ROWS, type Rows, rowsOf } from "../core/rows";
import {
  aConversation,
  aMessage,
  at,
  by,
  changeFrame,
  ME,
  messageFrame,
} from "../testing/builders";
import { DEFAULT_FILTER, type Filter } from "./filter";
import { fold, listingOf } from "./model";

type State = Rows<Conversation>;

const EMPTY: State = NO_ROWS;
const merge = (state: State, filter: Filter, page: Parameters<typeof addPage<Conversation>>[2]) =>
  addPage(state, listingOf(filter, ME), page);
const apply = (state: State, frame: OperatorEvent, myId: string) =>
  fold(frame, state.byId, myId).reduce(applyChange, state);
const fresh = (...data: Conversation[]) =>
  merge(EMPTY, DEFAULT_FILTER, { data, next_cursor: null });
const ids = (state: State, filter: Partial<Filter> = {}) =>
  rowsOf(state, listingOf({ ...DEFAULT_FILTER, ...filter }, ME)).map((row) => row.id);

describe("a list of conversations", () => {
  test("has the latest activity first", () => {
    const state = fresh(
      aConversation({ id: "cnv_old", last_activity_at: at(1) }),
      aConversation({ id: "cnv_new", last_activity_at: at(2) }),
    );
    expect(ids(state)).toEqual(["cnv_new", "cnv_old"]);
  });

  test("waiting longest has those who don't wait at the end", () => {
    const filter: Filter = { ...DEFAULT_FILTER, sort: "waiting" };
    const data = [
      aConversation({ id: "cnv_answered" }),
      aConversation({ id: "cnv_short", waiting_since: at(5) }),
      aConversation({ id: "cnv_long", waiting_since: at(1) }),
    ];
    const state = merge(EMPTY, filter, { data, next_cursor: null });
    expect(ids(state, filter)).toEqual(["cnv_long", "cnv_short", "cnv_answered"]);
  });

  test("moves a row to the top when its customer writes, once, however often the frame comes", () => {
    const before = fresh(
      aConversation({ id: "cnv_1", last_activity_at: at(1) }),
      aConversation({ id: "cnv_2", last_activity_at: at(2) }),
    );
    const frame = messageFrame(aMessage(3));
    const once = apply(before, frame, ME);
    expect(ids(once)).toEqual(["cnv_1", "cnv_2"]);
    expect(apply(once, frame, ME)).toEqual(once);
  });

  test("ignores a frame that is older than what is known", () => {
    const newer = fresh(aConversation({ status: "closed", version: 5 }));
    const late = changeFrame("conversation.assigned", aConversation({ version: 4 }));
    expect(apply(newer, late, ME)).toBe(newer);
  });

  test("loses a row when it is closed and finds it under its new status", () => {
    const before = fresh(aConversation());
    const closed = aConversation({ status: "closed", version: 2 });
    const after = apply(before, changeFrame("conversation.closed", closed), ME);
    expect(ids(after)).toEqual([]);
    const all = merge(after, { ...DEFAULT_FILTER, status: "all" }, { data: [], next_cursor: null });
    expect(ids(all, { status: "all" })).toEqual(["cnv_1"]);
  });

  test("shows mine and nobody's apart", () => {
    const filters = ["me", "none"].map((assignee) => ({ ...DEFAULT_FILTER, assignee }));
    const data = [
      aConversation({ id: "cnv_mine", assignee: { id: ME, name: "Me" } }),
      aConversation({ id: "cnv_free" }),
      aConversation({ id: "cnv_bo", assignee: { id: "usr_bo", name: "Bo" } }),
    ];
    const state = filters.reduce((sum, one) => merge(sum, one, { data, next_cursor: null }), EMPTY);
    expect(filters.map((one) => ids(state, one))).toEqual([["cnv_mine"], ["cnv_free"]]);
  });

  test("keeps rows beyond the fetched pages back until their page is there", () => {
    const near = aConversation({ id: "cnv_near", last_activity_at: at(9) });
    const far = aConversation({ id: "cnv_far", last_activity_at: at(1) });
    const partly = merge(EMPTY, DEFAULT_FILTER, { data: [near], next_cursor: "more" });
    const told = apply(partly, changeFrame("conversation.assigned", far), ME);
    expect(ids(told)).toEqual(["cnv_near"]);
    const whole = merge(told, DEFAULT_FILTER, { data: [far], next_cursor: null });
    expect(ids(whole)).toEqual(["cnv_near", "cnv_far"]);
  });
});

describe("unread", () => {
  test("counts the customer's messages since the last that was read or answered", () => {
    let state = fresh(aConversation());
    state = apply(state, messageFrame(aMessage(1)), ME);
    state = apply(state, messageFrame(aMessage(2)), ME);
    expect(state.byId.cnv_1?.unread).toBe(2);
    state = apply(state, messageFrame(aMessage(3, { author: by.colleague })), ME);
    expect(state.byId.cnv_1?.unread).toBe(0);
  });

  test("ends when I read in another tab, not when a colleague reads", () => {
    const state = apply(fresh(aConversation()), messageFrame(aMessage(1)), ME);
    const read = (reader_id: string) =>
      apply(
        state,
        {
          type: "message.read",
          id: "evt_1",
          at: at(2),
          data: { conversation_id: "cnv_1", by: "team", reader_id, seq: 1, state: "read" },
        },
        ME,
      );
    expect(read("usr_bo").byId.cnv_1?.unread).toBe(1);
    expect(read(ME).byId.cnv_1?.unread).toBe(0);
  });
});
