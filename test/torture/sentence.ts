const examplesMax = 3

/** Nothing if there are none; else what is wrong with how many, and the first of them. */
export function sentence(wrong: readonly string[], say: (count: number) => string): string[] {
  if (wrong.length === 0) return []
  const more = wrong.length > examplesMax ? ', …' : ''
  return [`${say(wrong.length)} (${wrong.slice(0, examplesMax).join(', ')}${more}).`]
}
