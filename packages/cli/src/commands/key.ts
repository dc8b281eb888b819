import { Failure } from '../failure.ts'

const secretBytesMin = 32

/** The key from the environment, or a sentence that says what is missing. */
export function keyOf(secret: string | undefined, otherwise = ''): string {
  if (secret === undefined || secret === '')
    throw new Failure(`Set REJOIN_SECRET to the key for tokens, at least ${secretBytesMin} bytes${otherwise}.`)
  const bytes = new TextEncoder().encode(secret).length
  if (bytes < secretBytesMin)
    throw new Failure(`REJOIN_SECRET has ${bytes} bytes, and a key for tokens needs at least 32 bytes${otherwise}.`)
  return secret
}
