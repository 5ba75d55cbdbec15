/** Keys of people who write with an input method (Japanese, Chinese, Korean …). */

/**
 * Whether a key belongs to the input method: Enter then takes what it proposes, Escape drops that.
 * Safari ends the composition before it tells of the key that did so, and marks that key by 229.
 */
export const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;
