/**
 * The closed set of error kinds, on the wire and in the API. Behaviour is chosen by kind, never by
 * reading a message. `retry` says what a machine should do, `hint` says what a person should do.
 */
export type Retry =
  /** The same request can never succeed. */
  | 'never'
  /** Send the same again, after a delay. */
  | 'later'
  /** The credentials must change first. */
  | 'after-auth'
  /** The sender must send what comes before it first. */
  | 'in-order'
  /** The person or the app must change something first. */
  | 'after-repair'

interface KindFacts {
  readonly retry: Retry
  readonly hint: string
}

export type ErrorKind =
  | 'unauthenticated'
  | 'token-expired'
  | 'forbidden'
  | 'read-only-part'
  | 'not-found'
  | 'depends'
  | 'gap'
  | 'generation'
  | 'clock'
  | 'client-id-taken'
  | 'rule'
  | 'too-large'
  | 'checksum'
  | 'undecodable'
  | 'engine-lost'
  | 'bad-frame'
  | 'protocol-version'
  | 'rate-limited'
  | 'unavailable'
  | 'shutting-down'
  | 'timeout'
  | 'storage-full'
  | 'storage-unavailable'
  | 'storage-corrupt'
  | 'closed'
  | 'bad-value'
  | 'bad-id'
  | 'bad-config'

const kinds: Record<ErrorKind, KindFacts> = {
  // Identity and rights
  'unauthenticated': { retry: 'after-auth', hint: 'Send a valid token; the server did not accept this one.' },
  'token-expired': { retry: 'after-auth', hint: 'Give a fresh token; this one has expired.' },
  'forbidden': { retry: 'never', hint: 'The user has no right to do this in this space; ask its owner for a role.' },
  'read-only-part': {
    retry: 'never',
    hint: 'This part of the entity is written by someone else (see writtenBy in the schema).',
  },
  'not-found': {
    retry: 'never',
    hint: 'There is no such space or entity for this user; check the id and the membership.',
  },
  // Entries
  'depends': {
    retry: 'after-repair',
    hint: 'An earlier write that this one builds on was refused; repair that one first.',
  },
  'gap': {
    retry: 'in-order',
    hint: 'The server does not know the write before this one; send the document again in order.',
  },
  'generation': {
    retry: 'after-repair',
    hint: 'The document was started anew on the server; the write is made again on the new one.',
  },
  'clock': { retry: 'after-repair', hint: 'The clock of this device is far in the future; correct it and retry.' },
  'client-id-taken': {
    retry: 'after-repair',
    hint: 'Two writers share a CRDT client id; the write is made again under a new one.',
  },
  'rule': {
    retry: 'after-repair',
    hint: 'A rule of the server refuses this write; see the reason, then edit it or discard it.',
  },
  'too-large': { retry: 'after-repair', hint: 'Split the value: it is over the limit named in the message.' },
  'checksum': { retry: 'later', hint: 'Bytes were damaged on the way; they are sent again.' },
  'undecodable': { retry: 'never', hint: 'These bytes are not an update of this engine; nothing was applied.' },
  'engine-lost': {
    retry: 'after-repair',
    hint: 'The engine failed inside and its memory is not to be trusted; open the replica again in a fresh worker or page. What is on the disk is whole.',
  },
  // The connection
  'bad-frame': {
    retry: 'never',
    hint: 'The frame does not follow the protocol; check that both sides run compatible versions.',
  },
  'protocol-version': {
    retry: 'after-repair',
    hint: 'The two sides speak different protocol versions; update the older one. Nothing unsent is lost.',
  },
  'rate-limited': { retry: 'later', hint: 'Too many requests; wait as long as the answer says.' },
  'unavailable': { retry: 'later', hint: 'The other side cannot be reached now; the work is kept and sent later.' },
  'shutting-down': { retry: 'later', hint: 'The server restarts; the work is kept and sent later.' },
  'timeout': { retry: 'later', hint: 'No answer came in time; the work is kept and asked about again.' },
  // This device
  'storage-full': {
    retry: 'later',
    hint: 'The disk or quota of this device is full; free some space. Nothing was lost, but new edits are not saved yet.',
  },
  'storage-unavailable': {
    retry: 'later',
    hint: 'The local store cannot be opened or written; check its folder, rights and whether another process has it open.',
  },
  'storage-corrupt': {
    retry: 'after-repair',
    hint: 'Bytes on this device are damaged; they are set aside and fetched from the server again.',
  },
  'closed': { retry: 'never', hint: 'This replica was closed; open it again before editing.' },
  // The caller
  'bad-value': { retry: 'never', hint: 'The value does not fit the schema or cannot be stored as JSON.' },
  'bad-id': { retry: 'never', hint: 'Ids are 1 to 128 characters of A-Z a-z 0-9 . _ ~ - and are no reserved names.' },
  'bad-config': { retry: 'never', hint: 'Correct the configuration as the message says.' },
}

export const errorKinds: readonly ErrorKind[] = Object.keys(kinds) as ErrorKind[]

export const retryOf = (kind: ErrorKind): Retry => kinds[kind].retry
export const hintOf = (kind: ErrorKind): string => kinds[kind].hint
export const isErrorKind = (text: string): text is ErrorKind => Object.hasOwn(kinds, text)

/** The one class with which the public API rejects. */
export class RejoinError extends Error {
  override readonly name = 'RejoinError'
  readonly kind: ErrorKind
  readonly retry: Retry
  readonly hint: string

  constructor(
    kind: ErrorKind,
    message?: string,
    options?: { readonly cause?: unknown; readonly hint?: string | undefined },
  ) {
    super(message ?? hintOf(kind), options?.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.retry = retryOf(kind)
    this.hint = options?.hint ?? hintOf(kind)
  }
}
