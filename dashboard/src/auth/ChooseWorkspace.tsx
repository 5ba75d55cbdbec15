import { ChevronRight } from "lucide";
import { useState } from "preact/hooks";
import { common } from "../core/messages";
import { explain } from "../core/problems";
import { navigate } from "../core/router";
import { isChoosingWorkspace, session, switchWorkspace } from "../core/session";
import { Avatar } from "../ui/Avatar";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Panel } from "./Panel";
import { m } from "./public/messages";

export function ChooseWorkspace() {
  const [failure, setFailure] = useState<string | null>(null);
  const mine = session.value;
  if (!mine) {
    isChoosingWorkspace.value = false;
    return null;
  }
  const enter = async (id: string) => {
    setFailure(null);
    try {
      if (id !== mine.workspace.id) await switchWorkspace(id);
      isChoosingWorkspace.value = false;
      navigate("/", { replace: true });
    } catch (error) {
      setFailure(explain(error));
    }
  };
  return (
    <Panel title={m.chooseTitle} text={m.chooseText}>
      <Failure text={failure} />
      <ul class="choose">
        {mine.workspaces.map((one) => (
          <li key={one.id}>
            <button type="button" class="choose-item" onClick={() => void enter(one.id)}>
              <Avatar name={one.name} id={one.id} />
              <span class="truncate choose-name">
                <bdi>{one.name}</bdi>
              </span>
              <span class="muted">{common.roles[one.role]}</span>
              <Icon of={ChevronRight} />
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
