import { Problem } from "@foyer/protocol";
import { signal } from "@preact/signals";
import { commands } from "../../core/commands";
import { loadWithTexts } from "../../core/messages";
import type { PaletteSource } from "../../core/module";
import { CommandPalette, type PaletteItem } from "../../ui/CommandPalette";
import { m } from "../messages";
import { modules } from "../modules";

const open = signal(false);
const sources = signal<readonly PaletteSource[]>([]);
/** Whether something couldn't be searched: "nothing fits" would be more than is known then. */
const hasFailed = signal(false);

export function openPalette(): void {
  open.value = true;
  void fetchSources();
}

/** Runs every command that makes sense now, and finds what modules can find. */
export function Palette() {
  if (!open.value) return null;
  return (
    <CommandPalette
      label={m.search}
      placeholder={m.searchPlaceholder}
      emptyText={hasFailed.value ? m.searchFailed : m.searchEmpty}
      items={[...commandItems(), ...sources.value.flatMap((source) => source.items?.() ?? [])]}
      search={search}
      onClose={() => {
        open.value = false;
      }}
    />
  );
}

function commandItems(): PaletteItem[] {
  return commands.value
    .filter((command) => !command.keyOnly && (command.when?.() ?? true))
    .map(({ id, label, group, icon, keys, keywords, run }) => ({
      id,
      label,
      group,
      icon,
      keys,
      keywords,
      run,
    }));
}

async function search(query: string, abortSignal: AbortSignal): Promise<PaletteItem[]> {
  hasFailed.value = false;
  await fetchSources();
  const results = await fulfilledValues(
    sources.value.map(async (one) => one.search?.(query, abortSignal) ?? []),
  );
  return results.flat();
}

async function fetchSources(): Promise<void> {
  if (sources.value.length > 0) return;
  const parts = await fulfilledValues(
    modules.map(async ({ palette }) => palette && loadWithTexts(palette())),
  );
  sources.value = parts.flatMap((part) => part?.default ?? []);
}

/** What could be had: one module's trouble doesn't keep the others' finds back. */
async function fulfilledValues<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const answers = await Promise.allSettled(promises);
  if (answers.some((one) => one.status === "rejected" && !isAborted(one.reason)))
    hasFailed.value = true;
  return answers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

/** Somebody typed on before the answer was there. */
function isAborted(reason: unknown): boolean {
  return reason instanceof Problem && reason.code === "aborted";
}
