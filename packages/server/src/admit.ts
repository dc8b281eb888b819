import {
  documentKey,
  firstGeneration,
  hasNumber,
  isErrorKind,
  rootKey,
  sameEntry,
  sameGeneration,
  stampAt,
  wallOf,
} from '@rejoin/base'
import type { DocumentKey, Encoding, Entry, ErrorKind, Generation, Part, UserId, WriterId } from '@rejoin/base'
import { mayWrite, serverUser } from './identity/principal.ts'
import type { Role } from './identity/principal.ts'
import type { DocumentRecord, WriterRecord } from './log/records.ts'

/** An entry alone, or all entries of one group in order: what is decided together. Never empty. */
export interface Submission {
  readonly writer: WriterId
  readonly user: UserId
  /** Undefined: not a member any more. */
  readonly role: Role | undefined
  /** The CRDT client ids that the writer has declared so far. */
  readonly clientIds: readonly number[]
  readonly entries: readonly Entry[]
}

/** What the log knows, with everything decided earlier in the same commit. */
export interface Known {
  writer(writer: WriterId): WriterRecord | undefined
  /** Whose writer this is in any space of the tenant. */
  userOf(writer: WriterId): UserId | undefined
  document(key: DocumentKey): DocumentRecord | undefined
  /** The first of these CRDT client ids that another writer uses in the space. Entries of one push bring the very same ids. */
  takenClientId(clientIds: readonly number[], writer: WriterId): number | undefined
}

export interface AdmitOptions {
  readonly nowMs: number
  readonly stampAheadMsMax: number
  readonly entryBytesMax: number
  /** The engine whose bytes are in this encoding; undefined: such entries are not taken. */
  engineOf(encoding: Encoding): string | undefined
  /** A reason to refuse, or undefined. Sees the envelope; the bytes are opaque. */
  readonly rules?: Rule
  /** A rule threw. */
  ruleFailed?(cause: unknown): void
}

export interface RuleContext {
  readonly user: UserId
  readonly role: Role
}

export type Rule = (entry: Entry, context: RuleContext) => Refused | undefined

export interface Refused {
  readonly kind: ErrorKind
  readonly message: string
}

export type Decision =
  | { readonly kind: 'accept' }
  /** Decided before: each entry gets its stored answer again. */
  | { readonly kind: 'known' }
  | { readonly kind: 'retry'; readonly reason: 'gap' | 'unavailable' }
  /** `at` is the index of the entry that is to blame. */
  | { readonly kind: 'refuse'; readonly at: number; readonly refused: Refused; readonly generation?: Generation }
  /** The writer is another user's: refused, but nothing is noted under its name. */
  | { readonly kind: 'foreign' }

/**
 * The decision on a submission, in the order that the protocol promises: known id, generation, `after`, then
 * rules. Each question is put to all entries of a group before the next one, and the first answer that is not
 * "go on" is the answer for all.
 */
export function admit(submission: Submission, known: Known, options: AdmitOptions): Decision {
  const owner = known.writer(submission.writer)?.user ?? known.userOf(submission.writer)
  if (owner !== undefined && owner !== submission.user) return { kind: 'foreign' }
  return (
    whetherKnown(submission, known) ??
    whetherOfGeneration(submission, known) ??
    whetherInOrder(submission, known) ??
    whetherAllowed(submission, known, options) ?? { kind: 'accept' }
  )
}

function whetherKnown({ writer, entries }: Submission, known: Known): Decision | undefined {
  const record = known.writer(writer)
  if (record === undefined) return undefined
  const unknown = entries.findIndex(({ id }) => !hasNumber(record.accepted, id.n) && !hasNumber(record.refused, id.n))
  if (unknown === -1) return { kind: 'known' }
  const isNew = entries.every(({ id }) => !hasNumber(record.accepted, id.n) && !hasNumber(record.refused, id.n))
  return isNew ? undefined : refuse(unknown, 'rule', 'The group was decided before, with other entries in it.')
}

function whetherOfGeneration({ entries }: Submission, known: Known): Decision | undefined {
  for (const [at, entry] of entries.entries()) {
    const generation = known.document(documentKey(entry.document))?.generation ?? firstGeneration
    if (sameGeneration(entry.generation, generation)) continue
    const message = `The document is at generation ${generation.number}, the entry at ${entry.generation.number}.`
    return { kind: 'refuse', at, refused: { kind: 'generation', message }, generation }
  }
  return undefined
}

function whetherInOrder({ entries }: Submission, known: Known): Decision | undefined {
  let gap = false
  for (const [at, { after }] of entries.entries()) {
    if (after === undefined || entries.some(({ id }, i) => i < at && sameEntry(id, after))) continue
    const record = known.writer(after.writer)
    if (record !== undefined && hasNumber(record.refused, after.n))
      return refuse(at, 'depends', `Entry ${after.n} of writer ${after.writer}, which comes before, was refused.`)
    if (record === undefined || !hasNumber(record.accepted, after.n)) gap = true
  }
  gap ||= entries.some((entry) => !isMade(entry, entries, known))
  return gap ? { kind: 'retry', reason: 'gap' } : undefined
}

/**
 * Whether the entity is there, or comes in the same group. What nobody could see must not look stored; and it may
 * only be early, so it is asked for again behind the entity's own entry.
 */
function isMade({ document }: Entry, group: readonly Entry[], known: Known): boolean {
  const root = rootKey(document)
  return known.document(root) !== undefined || group.some((entry) => documentKey(entry.document) === root)
}

function whetherAllowed(submission: Submission, known: Known, options: AdmitOptions): Decision | undefined {
  for (const [at, entry] of submission.entries.entries()) {
    const refused =
      clockRefusal(entry, options) ??
      rightRefusal(entry, submission) ??
      clientIdRefusal(submission, known) ??
      sizeRefusal(entry, options) ??
      engineRefusal(entry, submission, known, options) ??
      ruleRefusal(entry, submission, options)
    if (refused === 'failed') return { kind: 'retry', reason: 'unavailable' }
    if (refused !== undefined) return { kind: 'refuse', at, refused }
  }
  return undefined
}

function clockRefusal({ stamp }: Entry, { nowMs, stampAheadMsMax }: AdmitOptions): Refused | undefined {
  // A clock that is broken, or stands before the first stamp there is, allows the first ones.
  const aheadMs = wallOf(stamp) - wallOf(stampAt(nowMs))
  if (aheadMs <= stampAheadMsMax) return undefined
  return {
    kind: 'clock',
    message: `The entry is stamped ${Math.round(aheadMs / 1000)} seconds after the server's clock.`,
  }
}

function rightRefusal({ document }: Entry, { role, user }: Submission): Refused | undefined {
  if (role === undefined || !mayWrite(role))
    return { kind: 'forbidden', message: `The role ${role ?? 'none'} may not write in this space.` }
  if (user === serverUser ? document.part === 'server' : isOwn(document.part, user)) return undefined
  return { kind: 'read-only-part', message: `The part ${document.part} is not written by ${user}.` }
}

const isOwn = (part: Part, user: UserId): boolean => part === 'shared' || part === `owner:${user}`

function clientIdRefusal({ writer, clientIds }: Submission, known: Known): Refused | undefined {
  const taken = known.takenClientId(clientIds, writer)
  if (taken === undefined) return undefined
  return { kind: 'client-id-taken', message: `The CRDT client id ${taken} belongs to another writer of this space.` }
}

function sizeRefusal({ bytes }: Entry, { entryBytesMax }: AdmitOptions): Refused | undefined {
  if (bytes.length > entryBytesMax)
    return { kind: 'too-large', message: `The entry has ${bytes.length} bytes; entryBytesMax is ${entryBytesMax}.` }
  if (bytes.length === 0) return { kind: 'undecodable', message: 'The entry has no bytes.' }
  return undefined
}

/** An entity is of one engine, that of the first entry of its shared registers: no other reads what this one wrote. */
function engineRefusal(
  { document, encoding }: Entry,
  { entries }: Submission,
  known: Known,
  { engineOf }: AdmitOptions,
): Refused | undefined {
  const engine = engineOf(encoding)
  if (engine === undefined) return { kind: 'undecodable', message: `This server has no engine for ${encoding}.` }
  const root = rootKey(document)
  const first = known.document(root) ?? entries.find((entry) => documentKey(entry.document) === root)
  const own = first === undefined ? engine : (engineOf(first.encoding) ?? first.encoding)
  if (own === engine) return undefined
  const entity = `${document.collection}/${document.entity}`
  return { kind: 'undecodable', message: `${entity} is in the engine ${own}; the entry is of the engine ${engine}.` }
}

/** The app's rules. One that throws, or answers with something else than it may, decides nothing: tried again later. */
function ruleRefusal(entry: Entry, { user, role }: Submission, options: AdmitOptions): Refused | 'failed' | undefined {
  const { rules } = options
  if (rules === undefined || role === undefined || user === serverUser) return undefined
  try {
    return asRefused(rules(entry, { user, role }))
  } catch (cause) {
    options.ruleFailed?.(cause)
    return 'failed'
  }
}

/** Types do not bind an app in JavaScript: a promise, or a kind that is none, must not get as far as a frame. */
function asRefused(answer: unknown): Refused | undefined {
  if (answer === undefined) return undefined
  if (answer instanceof Promise) answer.catch(() => undefined)
  else if (typeof answer === 'object' && answer !== null && 'kind' in answer && 'message' in answer) {
    const { kind, message } = answer
    if (typeof kind === 'string' && isErrorKind(kind) && typeof message === 'string') return { kind, message }
  }
  throw new TypeError(
    'A rule answers undefined, or { kind, message } with an error kind; and at once, without a promise.',
  )
}

const refuse = (at: number, kind: ErrorKind, message: string): Decision => ({
  kind: 'refuse',
  at,
  refused: { kind, message },
})
