import { useState } from "preact/hooks";
import { m } from "../../core/messages.en";
import { explain } from "../../core/problems";
import { session, switchWorkspace } from "../../core/session";
import { initials } from "../../ui/Avatar";
import { Menu, type MenuEntry } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import { menuPlaces } from "./menuPlaces";
import { NewWorkspace } from "./NewWorkspace";

/** Which workspace this is, and the way to another. */
export function WorkspaceMenu() {
  const [isNaming, setNaming] = useState(false);
  const mine = session.value;
  if (!mine) return null;
  const { workspace, workspaces } = mine;
  const entries: MenuEntry[] = [
    { heading: m.app.workspaces },
    ...workspaces.map((one) => ({
      label: one.name,
      note: m.auth.roles[one.role],
      checked: one.id === workspace.id,
      run: () => {
        if (one.id !== workspace.id)
          switchWorkspace(one.id).catch((error) => toast({ text: explain(error), tone: "danger" }));
      },
    })),
    { label: m.app.newWorkspace, run: () => setNaming(true) },
    "separator",
    ...menuPlaces("workspace"),
  ];
  return (
    <>
      <Menu
        label={m.app.workspaces}
        entries={entries}
        trigger={(attributes) => (
          <button
            type="button"
            class="workspace-mark"
            aria-label={m.app.workspaceMenu(workspace.name)}
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
