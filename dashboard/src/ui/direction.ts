/** Whether an element is written from right to left: what is drawn by hand turns with it. */
export function isRtl(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}
