import { textsOf } from "../core/messages";
import type english from "../languages/en/conversations";

export const m = textsOf<typeof english>("conversations");
