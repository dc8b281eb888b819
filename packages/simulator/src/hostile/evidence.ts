import { errorKinds } from '@rejoin/base'
import { closeCodeOf } from '@rejoin/protocol'
import { canaryBytesMin } from './ground.ts'
import { holdsBrand } from './payloads/payload.ts'
import type { Request } from './requests.ts'

/** How a connection of the hostile user ended. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

/** One connection, as far as it has come. */
export interface LineEvidence {
  readonly openedMs: number
  readonly ending: Ending | undefined
  /** What it has not been answered. */
  readonly open: readonly Request[]
  /** When the latest ping was sent that came back; -1 if none did. */
  readonly provenMs: number
}

/** What the hostile user saw and did; only ever added to. */
export interface Evidence {
  readonly lines: readonly LineEvidence[]
  /** Sentences about texts that it should never have been sent. */
  readonly leaks: readonly string[]
  /** The ids under which it wrote as itself. */
  readonly writers: ReadonlySet<string>
  /** The greatest number of bytes that the network held for it at once. */
  readonly bufferedMax: number
}

/** A row of a log, as a tape has it. */
export interface WrittenRow {
  readonly kind: string
  readonly document: string
  readonly writer: string
  readonly n: number
  readonly bytes: Uint8Array
}

/** [I11] Nothing of a space was sent to whom may not read it. */
export const leaked = ({ leaks }: Evidence): readonly string[] => leaks

/**
 * [I12] It wrote where it may, and nothing of it stands under a name of anybody else elsewhere. In its own space an id
 * that nobody has used before is anybody's. `rowsOf` are all rows that the log of a space ever took.
 */
export function trespassed(
  { writers }: Evidence,
  own: string,
  spaces: readonly string[],
  rowsOf: (space: string) => readonly WrittenRow[],
): readonly string[] {
  return spaces.flatMap((space) =>
    rowsOf(space).flatMap(({ kind, document, writer, n, bytes }) => {
      const what = `${space}/${document} has entry ${n} of ${writer.slice(0, 8)}`
      if (kind === 'writer') return []
      if (writers.has(writer)) return space === own ? [] : [`[I12] ${what}, who may not write there`]
      return space !== own && holdsBrand(bytes) ? [`[I12] ${what}, with bytes that are the hostile user's`] : []
    }),
  )
}

/** [I21] No id of its writers was accepted twice. */
export function doubled({ writers }: Evidence, space: string, rows: readonly WrittenRow[]): readonly string[] {
  const seen = new Set<string>()
  return rows.flatMap(({ kind, writer, n }) => {
    const id = `${writer}/${n}`
    if (kind === 'writer' || !writers.has(writer)) return []
    if (seen.has(id)) return [`[I21] ${space} has entry ${n} of the hostile ${writer.slice(0, 8)} twice`]
    seen.add(id)
    return []
  })
}

export interface Patience {
  readonly nowMs: number
  /** The longest that an answer may take. */
  readonly boundMs: number
  /** From then on the network has lost nothing of a connection that began later. */
  readonly calmSinceMs: number
}

/**
 * [I17] Every request was answered, or its connection is over. A later ping that was answered shows that the network
 * is not to blame; and so does a network that is calm.
 */
export function silences({ lines }: Evidence, { nowMs, boundMs, calmSinceMs }: Patience): readonly string[] {
  return lines.flatMap(({ ending, open, provenMs, openedMs }) => {
    if (ending !== undefined) return []
    const isCalm = openedMs >= calmSinceMs
    return open.flatMap(({ what, askedMs }) =>
      provenMs >= askedMs + boundMs || (isCalm && nowMs > askedMs + boundMs)
        ? [`[I17] the hostile user's ${what} of ${askedMs.toFixed(0)} ms was never answered`]
        : [],
    )
  })
}

const documented: ReadonlySet<number> = new Set([...errorKinds.map((kind) => closeCodeOf(kind)), 1000, 1006])

/** Every connection ended with a code that the protocol names, or by the network. */
export const strangeEndings = ({ lines }: Evidence): readonly string[] =>
  lines.flatMap(({ ending }) =>
    ending === undefined || documented.has(ending.code)
      ? []
      : [`[I17] a connection of the hostile user ended with ${ending.code} ${ending.reason}`],
  )

/** [I16] What waits for one that does not read has a limit. */
export const overfilled = ({ bufferedMax }: Evidence, limit: number): readonly string[] =>
  bufferedMax <= limit ? [] : [`[I16] ${bufferedMax} bytes waited for the hostile user; the limit is ${limit}`]

/** Finds texts in bytes. A canary of a few bytes would be found in hashes and ids by chance. */
export function canariesIn(bytes: Uint8Array, canaries: readonly string[]): readonly string[] {
  if (canaries.length === 0) return []
  const text = latin.decode(bytes)
  return canaries.filter((canary) => text.includes(needleOf(canary)))
}

const latin = new TextDecoder('latin1')
const utf8 = new TextEncoder()
const needles = new Map<string, string>()

function needleOf(canary: string): string {
  const known = needles.get(canary)
  if (known !== undefined) return known
  const bytes = utf8.encode(canary)
  if (bytes.length < canaryBytesMin) throw new RangeError(`the canary ${canary} is too short to prove anything`)
  const needle = latin.decode(bytes)
  needles.set(canary, needle)
  return needle
}
