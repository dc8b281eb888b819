/** What the person at the terminal can understand and change: one sentence on stderr, exit status 1. */
export class Failure extends Error {
  override readonly name: string = 'Failure'
}

/** Words that make no sense once what they name is known: one sentence, exit status 2. */
export class WrongWords extends Failure {
  override readonly name = 'WrongWords'
}

/** Any thrown value as one sentence on one line. */
export function sentenceOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line === '') return 'It stopped without a reason.'
  return /[.!?)]$/.test(line) ? line : `${line}.`
}
