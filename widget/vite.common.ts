import { readdirSync } from "node:fs";

/** What all of the widget's programs are built for. */
export const BROWSERS = ["chrome123", "firefox128", "safari18"];

/** The name of a built script, hash and all, for the program that fetches it and is built later. */
export function nameOf(program: string): string {
  const name = readdirSync("dist/assets").find((each) => each.startsWith(`${program}-`));
  return JSON.stringify(name);
}
