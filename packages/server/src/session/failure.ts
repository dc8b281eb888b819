import type { ErrorKind } from '@rejoin/base'

/** Why a connection ends. */
export interface Failure {
  readonly error: ErrorKind
  readonly message: string
  /** Milliseconds; 0 leaves it to the client. */
  readonly afterMs: number
}

interface FailEffect {
  readonly kind: 'fail'
  readonly failure: Failure
}

export const fail = (error: ErrorKind, message: string, afterMs = 0): FailEffect => ({
  kind: 'fail',
  failure: { error, message, afterMs },
})

export const isFailure = <T extends object>(value: T | FailEffect): value is FailEffect =>
  'kind' in value && value.kind === 'fail'

/** A message that fits every frame: at most 1,000 bytes of UTF-8. */
export const sentence = (message: string): string => message.slice(0, 250)
