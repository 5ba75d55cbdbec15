import { textsOf } from "../core/messages";
import type english from "../languages/en/visitors";

export const m = textsOf<typeof english>("visitors");
