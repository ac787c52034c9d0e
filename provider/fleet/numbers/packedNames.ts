import { Numbers, SimNumber } from "./packedNumbers";
import { compareNumbers } from "./selection";

/**
 * SIM numbers as short, canonical text: the same numbers give the same text, because a saved plan refuses any
 * difference. For that reason there is no compression library here, whose output may change with its version.
 *
 * Numbers are packed against a `base`, an ascending list that both sides know (the declared list, the SIMs on record):
 * those of the base are runs of indices or one bit each, whichever is shorter; the rest is the first number and the steps
 * from each to the next. A card of a pack takes one character or, where the cards lie evenly, next to nothing.
 */
export function packNames(names: readonly string[], base: readonly string[] = []): string {
  const [chosen, known] = [Numbers.parse(names).sorted(), Numbers.parse(base)];
  const places: number[] = [];
  const rest = new Numbers(0);
  for (let i = 0, place = 0; i < chosen.length; i++) {
    if (i > 0 && chosen.compare(i - 1, chosen, i) === 0) continue;
    while (place < known.length && known.compare(place, chosen, i) < 0) place++;
    if (place < known.length && known.compare(place, chosen, i) === 0) places.push(place);
    else rest.pushFrom(chosen, i);
  }
  const inBase = places.length > 0 && places.length === base.length ? ALL : packPlaces(places, base.length);
  return rest.length === 0 ? inBase : `${inBase}${REST}${packSteps(rest)}`;
}

/** The numbers of a packed text, ascending. `base` is ascending. Throws a RangeError where the text is damaged. */
export function unpackNames(text: string, base: readonly string[] = []): string[] {
  const [inBase = "", rest] = text.split(REST, 2);
  const places = inBase === ALL ? [...base.keys()] : unpackPlaces(inBase);
  const names = places.map((place) => {
    const name = base[place];
    if (name === undefined) throw new RangeError(`packed names point beyond a list of ${base.length}`);
    return name;
  });
  if (rest === undefined) return names;
  return names.length === 0 ? unpackSteps(rest) : [...names, ...unpackSteps(rest)].sort(compareNumbers);
}

const ALL = "*";
const REST = ";";
const BITS = "=";

/** `0-9,12` or, where that is longer, bits in base64. */
function packPlaces(places: readonly number[], length: number): string {
  const runs: string[] = [];
  for (let i = 0; i < places.length; ) {
    const first = i;
    while (i + 1 < places.length && places[i + 1] === Number(places[i]) + 1) i++;
    runs.push(first === i ? `${places[first]}` : `${places[first]}-${places[i]}`);
    i++;
  }
  const text = runs.join(",");
  if (text.length <= Math.ceil(length / 6) + BITS.length) return text;
  const bits = Buffer.alloc(Math.ceil(length / 8));
  for (const place of places) bits[place >> 3] = Number(bits[place >> 3]) | (1 << (place & 7));
  return BITS + bits.toString("base64url");
}

function unpackPlaces(text: string): number[] {
  const places: number[] = [];
  if (text.startsWith(BITS)) {
    for (const [index, byte] of Buffer.from(text.slice(BITS.length), "base64url").entries()) {
      for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) places.push(index * 8 + bit);
    }
    return places;
  }
  for (const run of text === "" ? [] : text.split(",")) {
    const [first = Number.NaN, last = first] = run.split("-").map(Number);
    if (!(first <= last)) throw new RangeError(`packed names hold a run ${run}`);
    for (let place = first; place <= last; place++) places.push(place);
  }
  return places;
}

/** Five bits a character, and a sixth that says that more follow; a step that repeats is `*` and how often. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const AGAIN = "*";
const FEWEST_REPEATS = 3;

function packSteps(numbers: Numbers): string {
  const [last, next] = [numbers.get(0, new SimNumber()), new SimNumber()];
  let text = `${last}:`;
  const steps: string[] = [];
  for (let i = 1; i < numbers.length; i++) {
    steps.push(packNumber(numbers.get(i, next).minus(last)));
    numbers.get(i, last);
  }
  for (let i = 0; i < steps.length; ) {
    const step = steps[i] ?? "";
    let repeats = 1;
    while (steps[i + repeats] === step) repeats++;
    text += repeats < FEWEST_REPEATS ? step.repeat(repeats) : step + AGAIN + packNumber(repeats);
    i += repeats;
  }
  return text;
}

function unpackSteps(text: string): string[] {
  const end = text.indexOf(":");
  let last = BigInt(text.slice(0, end));
  const numbers = [String(last)];
  const take = reader(text, end + 1);
  for (let step = take(); step !== undefined; step = take()) {
    for (let left = take.repeats() ?? 1n; left > 0n; left--) {
      last += step;
      numbers.push(String(last));
    }
  }
  return numbers;
}

function packNumber(value: number | bigint): string {
  // Most steps are small, and a `BigInt` takes ten times as long.
  if (typeof value === "number" && value < 32) return DIGITS.charAt(value);
  let text = "";
  for (let left = BigInt(value); ; left >>= 5n) {
    const more = left >= 32n;
    text += DIGITS[Number(left & 31n) + (more ? 32 : 0)];
    if (!more) return text;
  }
}

interface StepReader {
  (): bigint | undefined;
  /** How often the step just read occurs, where the text says so. */
  repeats(): bigint | undefined;
}

function reader(text: string, start: number): StepReader {
  let place = start;
  const take = (): bigint | undefined => {
    if (place >= text.length) return undefined;
    let value = 0n;
    for (let shift = 0n; ; shift += 5n) {
      const digit = DIGITS.indexOf(text[place++] ?? "?");
      if (digit < 0) throw new RangeError("packed names hold a character that is none of theirs");
      value |= BigInt(digit & 31) << shift;
      if (digit < 32) return value;
    }
  };
  const repeats = (): bigint | undefined => {
    if (text[place] !== AGAIN) return undefined;
    place++;
    return take();
  };
  return Object.assign(take, { repeats });
}
