import { describe, expect, test } from "vitest";
import SHARED from "../../../design/tokens.css?raw";
import OWN from "./tokens.css?raw";

const TOKENS = new Map(
  [...(SHARED + OWN).matchAll(/(--[\w-]+):\s*([^;]+);/gu)].map(([, name, value]) => [name, value]),
);
const SURFACES = ["1", "2", "3", "float", "hover", "selected"].map((name) => `--surface-${name}`);
type Mode = "light" | "dark";

/** Relative luminance (WCAG 2.2) of a token; oklch to linear sRGB by bottosson.github.io/posts/oklab. */
function luminance(token: string, mode: Mode): number {
  let value = TOKENS.get(token) ?? "";
  const pair = /^light-dark\((.+\)),\s*(.+\))\)$/su.exec(value);
  if (pair) value = (mode === "light" ? pair[1] : pair[2]) ?? "";
  const other = /^var\((--[\w-]+)\)$/u.exec(value);
  if (other) return luminance(other[1] ?? "", mode);
  const numbers = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/u.exec(value)?.slice(1).map(Number);
  if (!numbers) throw new Error(`${token} is no colour: ${value}`);
  const [light = 0, chroma = 0, hue = 0] = numbers;
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const within = (channel: number) => Math.min(1, Math.max(0, channel));
  const red = within(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = within(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = within(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, mode: Mode): number {
  const [low = 0, high = 0] = [luminance(one, mode), luminance(other, mode)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe.each<Mode>(["light", "dark"])("in %s", (mode) => {
  test.each(["--text", "--text-muted", "--accent-text", "--danger", "--warning", "--success"])(
    "%s can be read on every surface",
    (text) => {
      for (const surface of SURFACES)
        expect(contrast(text, surface, mode), surface).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each([
    ["--on-accent", "--accent"],
    ["--on-accent", "--accent-hover"],
    ["--on-accent", "--danger-solid"],
    ["--on-accent-soft", "--accent-soft"],
    ["--text", "--accent-soft"],
    ["--text", "--private-soft"],
    ["--text-muted", "--private-soft"],
    ["--danger", "--danger-soft"],
    ["--warning", "--warning-soft"],
    ["--success", "--success-soft"],
  ])("%s can be read on %s", (text, ground) => {
    expect(contrast(text, ground, mode)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["--border-strong", "--focus", "--accent"])("%s stands out from a page", (edge) => {
    for (const surface of ["--surface-1", "--surface-2", "--surface-float"])
      expect(contrast(edge, surface, mode), surface).toBeGreaterThanOrEqual(3);
  });
});
