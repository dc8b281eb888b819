import { RejoinError } from '@rejoin/base'
import type { StoreFailure } from '../store.ts'

type DeviceFailureKind = Exclude<StoreFailure['kind'], 'conflict'>

/** What SQLite says (primary result codes, https://sqlite.org/rescode.html) in the words of the port. */
const kinds: Readonly<Record<number, readonly [kind: DeviceFailureKind, what: string]>> = {
  3: ['storage-unavailable', 'may not be opened by this user'],
  5: ['storage-unavailable', 'is open elsewhere, in another process or in this one'],
  6: ['storage-unavailable', 'is locked by a call that has not ended'],
  7: ['storage-unavailable', 'cannot be used: out of memory'],
  8: ['storage-unavailable', 'cannot be written'],
  10: ['storage-unavailable', 'cannot be read or written: the device failed'],
  11: ['storage-corrupt', 'is damaged'],
  13: ['storage-full', 'cannot grow: the disk or quota is full'],
  14: ['storage-unavailable', 'cannot be opened'],
  15: ['storage-unavailable', 'cannot be locked'],
  22: ['storage-unavailable', 'is larger than this system allows'],
  24: ['storage-corrupt', 'is damaged'],
  26: ['storage-corrupt', 'is not a SQLite database; it was left as it is'],
}

const busy = 5

/** Undefined if the error says that the code is wrong, not the device. */
export function failureOf(
  error: unknown,
  file: string,
): (StoreFailure & { readonly kind: DeviceFailureKind }) | undefined {
  if (error instanceof RejoinError && error.kind === 'storage-corrupt')
    return { kind: error.kind, message: error.message }
  const code = resultCode(error)
  const found = code === undefined ? undefined : kinds[code & 0xff]
  return found && { kind: found[0], message: `${file} ${found[1]} (SQLite ${code}).` }
}

export const isBusy = (error: unknown): boolean => ((resultCode(error) ?? 0) & 0xff) === busy

/** Rethrows an error of the device as the error of the port, and any other as it is. */
export function rethrow(cause: unknown, file: string): never {
  if (cause instanceof RejoinError) throw cause
  const failure = failureOf(cause, file)
  throw failure === undefined ? cause : new RejoinError(failure.kind, failure.message, { cause })
}

/** The extended result code. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}
