import { common } from "../core/messages";
import { classes } from "../ui/classes";
import { Bar, Skeleton } from "../ui/States";

const LINES = [62, 38, 54, 70, 30];
const isTeam = (index: number) => index % 3 === 1;

/** Bubbles to come, in the shape they will have. */
export function TimelineSkeleton() {
  return (
    <div class="timeline-frame">
      <Skeleton label={common.loading}>
        <div class="timeline-track">
          {LINES.map((width, index) => (
            <div key={width} class={classes("message is-start", isTeam(index) && "is-team")}>
              {!isTeam(index) && (
                <span class="message-face">
                  <span class="bar bar-face" />
                </span>
              )}
              <div class="message-body">
                <div class="bubble bubble-skeleton">
                  <Bar width={width} />
                </div>
              </div>
            </div>
          ))}
        </div>
      </Skeleton>
    </div>
  );
}
