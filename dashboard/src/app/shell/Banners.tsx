import { Lazy } from "../Lazy";
import { modules } from "../modules";

/** What modules have to say above every page. */
export function Banners() {
  const visible = modules.flatMap(({ banner }) => (banner?.when() ? [banner] : []));
  return (
    <>
      {visible.map(({ load }) => (
        <Lazy key={load} load={load} />
      ))}
    </>
  );
}
