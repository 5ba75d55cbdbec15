import type english from "../languages/en/places";
import { textsOf } from "./messages";

/** The places of the navigation and the menus: what manifests say. */
export const places = textsOf<typeof english>("places");
