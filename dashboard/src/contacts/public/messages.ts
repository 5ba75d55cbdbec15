import { textsOf } from "../../core/messages";
import type english from "../../languages/en/contacts";

export const m = textsOf<typeof english>("contacts");
