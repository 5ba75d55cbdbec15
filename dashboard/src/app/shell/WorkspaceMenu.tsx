import { useState } from "preact/hooks";
import { common } from "../../core/messages";
import { explain } from "../../core/problems";
import { session, switchWorkspace } from "../../core/session";
import { initials } from "../../ui/Avatar";
import { Menu, type MenuEntry } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import { m } from "../messages";
import { menuLinks } from "./menuLinks";
import { NewWorkspace } from "./NewWorkspace";

/** Which workspace this is, and the way to another. */
export function WorkspaceMenu() {
  const [isNaming, setNaming] = useState(false);
  const mine = session.value;
  if (!mine) return null;
  const { workspace, workspaces } = mine;
  const entries: MenuEntry[] = [
    { heading: m.workspaces },
    ...workspaces.map((one) => ({
      label: one.name,
      note: common.roles[one.role],
      checked: one.id === workspace.id,
      run: () => {
        if (one.id !== workspace.id)
          switchWorkspace(one.id).catch((error) => toast({ text: explain(error), tone: "danger" }));
      },
    })),
    { label: m.newWorkspace, run: () => setNaming(true) },
    "separator",
    ...menuLinks("workspace"),
  ];
  return (
    <>
      <Menu
        label={m.workspaces}
        entries={entries}
        trigger={(attributes) => (
          <button
            type="button"
            class="workspace-mark"
            aria-label={m.workspaceMenu({ name: workspace.name })}
            data-tip={workspace.name}
            {...attributes}
          >
            <span class="avatar-initials" data-initials={initials(workspace.name)} />
          </button>
        )}
      />
      {isNaming && <NewWorkspace onClose={() => setNaming(false)} />}
    </>
  );
}
