import { useState } from "preact/hooks";
import { initials } from "../../ui/Avatar";
import { Menu, type MenuEntry } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import { m } from "../messages.en";
import { explain } from "../problems";
import { navigate } from "../router";
import { session, switchWorkspace } from "../session";
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
    { label: m.app.nav.settings, run: () => navigate("/settings") },
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
