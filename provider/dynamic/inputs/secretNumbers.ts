/** What a text may tell of a selection that is secret. */

/** Without ICCIDs, with the F that some are padded with, and EIDs, whatever stands around them. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d{18,}F?/gi, HIDDEN);
}

/**
 * A failure of a selection shows what is wrong in it, and a number with a blank in it, say, is no number of a SIM. Where the
 * selection is secret, it names the place and the cause alone.
 */
export function withoutValues(failure: string): string {
  if (!SELECTIONS.test(failure)) return failure;
  return failure.replace(SHOWN_VALUES, (shown) => (OWN_WORDS.has(shown) ? shown : HIDDEN));
}

const HIDDEN = "(secret)";
const SELECTIONS = /^(?:sims|simRange|eidRange):/;
/** As `quote` shows texts and numbers. */
const SHOWN_VALUES = /"(?:[^"\\]|\\.)*(?:"|… \(\d+ characters\))|\b\d[\d.,eE+]{5,}/g;
/** What messages themselves put between quotation marks. */
const OWN_WORDS: ReadonlySet<string> = new Set(['"first-last"', '"-"', '"…"']);
