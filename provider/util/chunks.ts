/**
 * The list in pieces of at most `size`, in order; no piece for an empty list. For requests that name a limited number
 * of SIMs. Throws a RangeError for a size below one.
 *
 * @example
 * chunksOf([1, 2, 3], 2); // [[1, 2], [3]]
 */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  if (!(size >= 1)) throw new RangeError(`pieces of ${size} would have no end`);
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}
