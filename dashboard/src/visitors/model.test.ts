import type { OperatorEvent, Visitor } from "@foyer/protocol";
import { describe, expect, test } from "vitest";
import { addPage, applyChange, NO_ROWS, type Rows, rowsOf } from "../core/rows";
import { at, aVisitor } from "../testing/builders";
import { fold, hostOf, listPresent, PRESENT, pathOf } from "./model";

const now = Date.parse(at(1));
const moveFrame = (visitor: ReturnType<typeof aVisitor>): OperatorEvent => ({
  type: "visitor.moved",
  id: "evt_1",
  at: at(1),
  data: { visitor },
});
type State = Rows<Visitor>;

const fromList = (data: readonly Visitor[]): State =>
  addPage(NO_ROWS, PRESENT, { data, next_cursor: null });
const apply = (state: State, frame: OperatorEvent) => fold(frame).reduce(applyChange, state);
const ids = (state: State, filter: Parameters<typeof listPresent>[1] = "all") =>
  listPresent(rowsOf(state, PRESENT), filter, now).map((one) => one.id);

describe("visitors", () => {
  test("are there until the moment they expire", () => {
    const visitors = fromList([
      aVisitor("vis_1", { expires_at: at(1) }),
      aVisitor("vis_2", { expires_at: at(2) }),
    ]);
    expect(ids(visitors)).toEqual(["vis_2"]);
  });

  test("come, move and go by frames; an overtaken frame changes nothing", () => {
    const page = { url: "https://shop.example/cart", title: "Cart" };
    let visitors = apply(fromList([]), moveFrame(aVisitor("vis_1", { page, version: 6 })));
    visitors = apply(visitors, moveFrame(aVisitor("vis_1", { version: 5 })));
    expect(visitors.byId.vis_1?.page.title).toBe("Cart");
    const offlineFrame = {
      type: "visitor.offline",
      id: "evt_2",
      at: at(2),
      data: { id: "vis_1" },
    } as const;
    expect(ids(apply(visitors, offlineFrame))).toEqual([]);
    expect(ids(apply(fromList([]), offlineFrame))).toEqual([]);
    const lateFrame = moveFrame(aVisitor("vis_1", { version: 6 }));
    expect(ids(apply(apply(visitors, offlineFrame), lateFrame))).toEqual([]);
    const returnFrame = moveFrame(aVisitor("vis_1", { version: 7 }));
    expect(ids(apply(apply(visitors, offlineFrame), returnFrame))).toEqual(["vis_1"]);
  });

  test("are filtered by state, chat and whether they are known", () => {
    const visitors = fromList([
      aVisitor("vis_idle", { state: "idle" }),
      aVisitor("vis_chat", { in_chat: "cnv_1" }),
      aVisitor("vis_known", { contact_id: "con_1" }),
    ]);
    expect(ids(visitors, "idle")).toEqual(["vis_idle"]);
    expect(ids(visitors, "in_chat")).toEqual(["vis_chat"]);
    expect(ids(visitors, "identified")).toEqual(["vis_known"]);
    expect(ids(visitors, "active")).toHaveLength(2);
  });

  test("a page is named by host and path", () => {
    expect(pathOf("https://shop.example/a?b=1#c")).toBe("shop.example/a?b=1");
    expect(pathOf("https://shop.example/")).toBe("shop.example");
    expect(pathOf("not a url")).toBe("not a url");
    expect(hostOf("https://news.example/item?id=1")).toBe("news.example");
  });
});
