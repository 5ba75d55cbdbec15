import { textsOf } from "../core/messages";
import type english from "../languages/en/app";

export const m = textsOf<typeof english>("app");
