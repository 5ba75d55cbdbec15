import type { Texts } from "../languages/catalogue";
import type english from "../languages/en/places";
import { textsOf } from "./messages";

type Places = Texts<typeof english>;

/** A place by its key in the catalogue of places. */
export type PlaceName = {
  [Key in keyof Places]: Places[Key] extends string ? Key : never;
}[keyof Places];

/** The places of the navigation and the menus: what manifests say. */
export const places = textsOf<typeof english>("places");
