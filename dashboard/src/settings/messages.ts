import { textsOf } from "../core/messages";
import type english from "../languages/en/settings";

export const m = textsOf<typeof english>("settings");
