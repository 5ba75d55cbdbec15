import { CircleAlert } from "lucide";
import { Icon } from "./Icon";

/** Why the whole form didn't go through, where no single field is to blame. */
export function Failure({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <p class="failure" role="alert">
      <Icon of={CircleAlert} />
      <span dir="auto">{text}</span>
    </p>
  );
}
