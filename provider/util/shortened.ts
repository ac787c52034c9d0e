/** At most so many characters. No part of a number is left at the end: it would not be known for one that is secret. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/\d+$/, "")}…` : text;
}
