import type { ErrorKind } from '@rejoin/base'

/**
 * The number of a kind: in frames, and as the close code of a WebSocket. 4400–4499: the same again fails again.
 * 4500–4599: try again later. A number is never given to another kind.
 */
const codes: Record<ErrorKind, number> = {
  'bad-frame': 4400,
  'unauthenticated': 4401,
  'token-expired': 4402,
  'forbidden': 4403,
  'not-found': 4404,
  'read-only-part': 4405,
  'protocol-version': 4406,
  'bad-id': 4407,
  'bad-value': 4408,
  'bad-config': 4409,
  'closed': 4410,
  'storage-corrupt': 4411,
  'engine-lost': 4412,
  'too-large': 4413,
  'undecodable': 4415,
  'depends': 4420,
  'gap': 4421,
  'generation': 4422,
  'clock': 4423,
  'client-id-taken': 4424,
  'rule': 4425,
  'unavailable': 4500,
  'shutting-down': 4503,
  'storage-full': 4507,
  'timeout': 4508,
  'storage-unavailable': 4510,
  'checksum': 4511,
  'rate-limited': 4529,
}

const kindsByCode: ReadonlyMap<number, ErrorKind> = new Map(
  Object.entries(codes).map(([kind, code]) => [code, kind as ErrorKind]),
)

/** What browsers and proxies say for themselves. */
const standard: ReadonlyMap<number, ErrorKind> = new Map<number, ErrorKind>([
  [1001, 'shutting-down'],
  [1002, 'bad-frame'],
  [1003, 'bad-frame'],
  [1007, 'bad-frame'],
  [1008, 'forbidden'],
  [1009, 'too-large'],
  [1012, 'shutting-down'],
])

export const closeCodeOf = (kind: ErrorKind): number => codes[kind]

/** Total: a code of a newer server falls back to its class, and any other (1006: no close frame) to `unavailable`. */
export const kindOfClose = (code: number): ErrorKind =>
  kindsByCode.get(code) ?? standard.get(code) ?? (code >= 4400 && code <= 4499 ? 'bad-frame' : 'unavailable')

/** The numbers in words, for the hash of all shapes. */
export const codesShape: string = Object.entries(codes)
  .map(([kind, code]) => `${code}=${kind}`)
  .join(' ')
