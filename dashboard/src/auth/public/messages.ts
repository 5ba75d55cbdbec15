import { textsOf } from "../../core/messages";
import type english from "../../languages/en/auth";

export const m = textsOf<typeof english>("auth");
