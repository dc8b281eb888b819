import { RejoinError } from '@rejoin/base'
import type { LogFailure } from '../../log/store.ts'

/** SQLite's primary result codes that say something about the device (https://sqlite.org/rescode.html). */
const kinds: Readonly<Record<number, LogFailure['kind']>> = {
  3: 'storage-unavailable',
  5: 'storage-unavailable',
  6: 'storage-unavailable',
  7: 'storage-unavailable',
  8: 'storage-unavailable',
  10: 'storage-unavailable',
  11: 'storage-corrupt',
  13: 'storage-full',
  14: 'storage-unavailable',
  22: 'storage-unavailable',
  26: 'storage-corrupt',
}

/** Undefined if the error says that the code is wrong, not the device. */
export function failureOf(error: unknown): LogFailure | undefined {
  if (error instanceof RejoinError) return ofPort(error) ?? failureOf(error.cause)
  // A number that was written always fits: one that does not was damaged.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE')
    return { kind: 'storage-corrupt', message: 'The log is damaged: it holds a number that was never written.' }
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : -1
  const kind = kinds[code & 0xff]
  return kind && { kind, message: `The log cannot be read or written: SQLite error ${code}.` }
}

function ofPort({ kind, message }: RejoinError): LogFailure | undefined {
  switch (kind) {
    case 'storage-full':
    case 'storage-unavailable':
    case 'storage-corrupt':
      return { kind, message }
    default:
      return undefined
  }
}

/** Runs a read; an error of the device becomes the error of the port. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const failure = cause instanceof RejoinError ? undefined : failureOf(cause)
    throw failure === undefined
      ? cause
      : new RejoinError(failure.kind === 'conflict' ? 'unavailable' : failure.kind, failure.message, { cause })
  }
}
