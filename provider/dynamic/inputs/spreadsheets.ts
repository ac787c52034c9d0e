/**
 * How numbers of SIMs come out of spreadsheets, e-mails and other places that take them for quantities: why one is
 * unusable, in words that name the cause.
 */

/** Why a text is no number of a SIM, as the end of a sentence; undefined where nothing of the kind is the reason. */
export function causeOf(text: string): string | undefined {
  const bare = text.replace(INVISIBLE, "").trim();
  if (/^=\s*"?[^"]*"?$/.test(bare)) return 'it is a formula of a spreadsheet (="…"); write the digits alone';
  if (/^[1-9](?:[.,]\d+)?[eE]\+?\d+$/.test(bare)) {
    return (
      "a spreadsheet has written it in scientific notation, and its last digits are lost; " +
      "format the column as text, and import the numbers again from where they came"
    );
  }
  if (/^["“”„'‘’«»].*["“”'’«»]$/s.test(bare)) return "it has quotation marks around it; leave them out";
  if (/^['‘’`]\d+$/.test(bare)) return "the apostrophe in front is how spreadsheets mark text; leave it out";
  if (/^\d+[fF]+$/.test(bare))
    return "the F at its end fills up the SIM's memory and is no part of the number; leave it out";
  if (text.search(INVISIBLE) >= 0) return `it holds ${namesOf(text)}; write the digits alone`;
  if (/^[\d\s.,'-]+$/.test(bare) && /\d[\s.,'-]+\d/.test(bare))
    return "it has blanks or marks between its digits; write the digits alone";
  if (/\s/.test(text)) return "it has blanks around it; leave them out";
  if (/^[\p{Nd}]+$/u.test(bare) && /[^0-9]/.test(bare))
    return "its digits are not the digits 0 to 9, although they look like them";
  return undefined;
}

/** The same for a text that is to be a range. */
export function causeOfNoRange(text: string): string | undefined {
  const dash = /[‐‑‒–—―−－]/u.exec(text)?.[0];
  if (dash !== undefined) return `the dash in it is ${codeOf(dash)}; write the hyphen of the keyboard, "-"`;
  if (text.split("-").length > 2) return "it has several hyphens; write both numbers without any";
  return undefined;
}

/**
 * Spreadsheets keep 15 digits of a number and write zeros for the rest. One number may end so by chance; that all of
 * them do, both bounds of a range or every entry of a list, is no chance.
 */
export function areRounded(numbers: readonly string[]): boolean {
  return numbers.length > 1 && numbers.every((each) => each.length > KEPT && /^0+$/.test(each.slice(KEPT)));
}

/** The text with everything in it that no screen shows, or shows as a blank. */
export function withVisibleCharacters(text: string): string {
  return text.replace(INVISIBLE, (character) => `<${codeOf(character)}>`);
}

const KEPT = 15;

/** Format characters (zero-width ones, marks of direction, a byte order mark), controls, and blanks that are no space. */
const INVISIBLE = /[\p{Cf}\p{Cc}\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u115f\u3164]/gu;

const names: Readonly<Record<string, string>> = {
  "U+00A0": "a no-break space",
  "U+200B": "a zero-width space",
  "U+200C": "a zero-width non-joiner",
  "U+200D": "a zero-width joiner",
  "U+2060": "a word joiner",
  "U+202F": "a narrow no-break space",
  "U+FEFF": "a byte order mark",
  "U+0009": "a tab",
  "U+000A": "a line break",
  "U+000D": "a carriage return",
};

function namesOf(text: string): string {
  const codes = [...new Set(text.match(INVISIBLE) ?? [])].map(codeOf);
  const told = codes.map((code) => (names[code] === undefined ? code : `${names[code]} (${code})`));
  return `${told.join(" and ")}, which cannot be seen`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
