import { signal } from "@preact/signals";
import { type Command, commands } from "../../core/commands";
import { common } from "../../core/messages";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { m } from "../messages";

const open = signal(false);

export function openHelp(): void {
  open.value = true;
}

/** Every key that does something on this page, drawn from the registry itself. */
export function Help() {
  if (!open.value) return null;
  const groups = new Map<string, Command[]>();
  for (const command of commands.value) {
    if (command.keys) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return (
    <Dialog
      title={m.shortcuts}
      closeLabel={common.close}
      width="large"
      onClose={() => {
        open.value = false;
      }}
    >
      <div class="help">
        {[...groups].map(([group, list]) => (
          <section key={group} class="help-group">
            <h3>{group}</h3>
            <dl>
              {list.map((command) => (
                <div key={command.id} class="help-line">
                  <dt>{command.label.replace(/\s*…/u, "")}</dt>
                  <dd>
                    <Kbd keys={keysOf(command)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">{m.shortcutsHint}</p>
    </Dialog>
  );
}

/** A capital letter is Shift and the letter. */
function keysOf({ keys = "" }: Command): string {
  return /^[A-Z]$/u.test(keys) ? `Shift-${keys}` : keys;
}
