/**
 * The text colour that is easier to read on `hex` ("#rrggbb"): black or white.
 *
 * Compares WCAG 2.2 contrast ratios; one of both always has at least 4.5:1. Anything that isn't
 * such a colour counts as dark.
 */
export function inkOn(hex: string): string {
  const [r = 0, g = 0, b = 0] = (hex.match(/\w\w/g) ?? []).map((part) => {
    const channel = Number.parseInt(part, 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  // Above this luminance black contrasts more than white: sqrt(1.05 · 0.05) − 0.05.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
