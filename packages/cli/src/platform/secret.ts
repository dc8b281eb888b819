import { randomBytes } from 'node:crypto'

/** A fresh key for tokens, as text. */
export const newSecret = (): string => randomBytes(32).toString('hex')
