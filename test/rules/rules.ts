/** Reads the two ends of the convention that ties prose to proof: `- **OB7** sentence.` and `test('[OB7] …')`. */

const ruleLine = /^\s*- \*\*([A-Z]{2}\d+)\*\* \S/gm
const titleStart = /['"`]\[([A-Z]{2}\d+(?:, [A-Z]{2}\d+)*)\] \S/g

/** Ids of the numbered rules of a SPEC.md, in order, repeats included. */
export function rulesIn(spec: string): string[] {
  return [...spec.matchAll(ruleLine)].map((match) => match[1] ?? '')
}

/** Ids that titles of tests cite: `[OB7] …` or `[OB7, OB9] …`. */
export function citationsIn(source: string): string[] {
  return [...source.matchAll(titleStart)].flatMap((match) => (match[1] ?? '').split(', '))
}
