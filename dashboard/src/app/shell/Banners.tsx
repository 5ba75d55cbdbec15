import { Late } from "../Late";
import { modules } from "../modules";

/** What modules have to say above every page. */
export function Banners() {
  const due = modules.flatMap(({ banner }) => (banner?.when() ? [banner] : []));
  return (
    <>
      {due.map(({ load }) => (
        <Late key={load} load={load} />
      ))}
    </>
  );
}
