/**
 * How much is mixed up of what several authors inserted at one place, from the author of each character there, in order:
 * 0 if what each of them wrote stands together, 1 if no two characters of one author do. Of several places, over all.
 */
export function interleaving(places: readonly (readonly number[])[]): number {
  let found = 0
  let most = 0
  for (const authors of places) {
    const least = new Set(authors).size
    found += runsIn(authors) - least
    most += authors.length - least
  }
  return most === 0 ? 0 : found / most
}

/** Stretches of one author. */
const runsIn = (authors: readonly number[]): number => authors.filter((author, i) => author !== authors[i - 1]).length
