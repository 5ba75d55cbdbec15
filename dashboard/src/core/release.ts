/** Whether the server has another release of the dashboard by now than this tab runs. */

import { common } from "./messages";

/** The file that this tab began with: its name changes with whatever it leads to. */
const entry = document.querySelector("script[type=module][src]")?.getAttribute("src");

/** False also where the server can't be asked. */
export async function isReplaced(): Promise<boolean> {
  if (!entry) return false;
  try {
    const page = await fetch("/", { cache: "no-cache" });
    return page.ok && !(await page.text()).includes(entry);
  } catch {
    return false;
  }
}

/** Why a part of the dashboard can't be fetched, and what to do. */
export async function explainMissing(): Promise<string> {
  return (await isReplaced()) ? common.problem.replaced : common.problem.offline;
}
