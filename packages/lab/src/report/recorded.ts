import type { Block, Piece, Text } from '../page/index.ts'
import type { SessionResult } from '../session/play.ts'
import type { Lab } from './lab.ts'
import { matrix, marks } from './matrix.ts'
import type { MatrixColumn } from './matrix.ts'
import type { Measure } from './measures.ts'
import { bytes, many, share, whole } from './told.ts'

/** What was recorded, by the name of its file. */
const known: Readonly<Record<string, string>> = {
  'friendsforever-concurrent': 'a review of a television episode, by two people at once; recorded by Joseph Gentle',
  'friendsforever_flat':
    'a review of a television episode, by two people, flattened into one sequence; recorded by Joseph Gentle',
  'automerge-paper':
    'the LaTeX source of “A Conflict-Free Replicated JSON Datatype”, by Martin Kleppmann and Alastair R. Beresford; recorded by Martin Kleppmann',
  'json-crdt-patch': 'the draft of the JSON CRDT Patch specification, by Vadim Dalecky',
  'sveltecomponent': 'a Svelte component of a game timer; recorded by Joseph Gentle',
}

/** Of known sessions, the share that lww-field-hlc loses if everybody types at once, one transaction a second (LA56). */
const lostAtOnce: Readonly<Record<string, number>> = { 'friendsforever-concurrent': 0.246 }

/** What the loss of a session depends on beside its policy, or nothing if it was not measured. */
export const atOnce = (name: string): string => {
  const lost = lostAtOnce[name]
  return lost === undefined
    ? ''
    : `with right clocks and everybody typing at once, a transaction a second each, lww-field-hlc loses ${share(lost)}`
}

/** By session; a session is told by its file's name without what follows the first dot. */
export const sessionsIn = ({ input }: Lab): ReadonlyMap<string, readonly SessionResult[]> =>
  Map.groupBy(input.sessions, ({ trace }) => trace.replace(/^.*\//, '').replace(/\..*$/, ''))

export function recorded(lab: Lab): Block[] {
  return [...sessionsIn(lab)].flatMap(([name, results], nth) => {
    const apart = results.filter(({ convergent }) => !convergent).map(({ policy }) => policy)
    return [
      { kind: 'paragraph', text: about(name, results) } as const,
      ...sessionTable(name, results, nth),
      {
        kind: 'paragraph',
        text:
          apart.length === 0
            ? 'All authors showed the same at the end under every policy.'
            : `At the end the authors did not show the same under ${apart.join(', ')}.`,
      } as const,
    ]
  })
}

function about(name: string, results: readonly SessionResult[]): Text {
  const { authors = 0, transactions = 0, turn = null } = results[0] ?? {}
  const whose =
    turn === null ? many(authors, 'author', 'authors') : `1 author, on ${many(authors, 'device', 'devices')}`
  const what = known[name]
  const source: readonly Piece[] =
    what !== undefined
      ? [
          `: ${what}. From `,
          { link: 'josephg/editing-traces', to: 'https://github.com/josephg/editing-traces' },
          ' by Joseph Gentle, licence ',
          { link: 'CC BY 4.0', to: 'https://creativecommons.org/licenses/by/4.0/' },
          '.',
        ]
      : ['.']
  return [
    { code: name },
    ...source,
    ` ${whose}, ${whole(transactions)} transactions. `,
    turn === null
      ? ''
      : `One person wrote this. Here it is written by turns of ${whole(turn)} transactions, each on another device without the turn before it: what that typed cannot be erased yet, and this is skipped under every policy. `,
    'A trace tells no times: each transaction counts as a second after the one before, in the order of the file, and what last write wins loses depends on that order',
    atOnce(name) === '' ? '. ' : `: ${atOnce(name)}. `,
    'Each author’s edits are carried by character identity: a patch acts on the characters that it acted on when it was recorded, and those that are not there any more are skipped.',
    results.some(({ policy }) => policy === 'manual')
      ? ' Of several versions the next keystroke replaces all that its author has, before anybody settles them: manual is multi-value here.'
      : '',
  ]
}

function sessionTable(name: string, results: readonly SessionResult[], nth: number): Block[] {
  const ofPolicy = new Map(results.map((result) => [result.policy, result]))
  const { traceLength = 0 } = results[0] ?? {}
  const column = (
    name: string,
    of: (result: SessionResult) => number,
    told: (value: number) => string,
    more: Pick<MatrixColumn, 'best' | 'behind'> = {},
  ): MatrixColumn => ({
    name,
    measure: exact(told),
    of: (policy) => {
      const result = ofPolicy.get(policy)
      return result === undefined ? undefined : { mean: of(result), low: null, high: null }
    },
    ...more,
  })
  return matrix({
    id: nth === 0 ? 'recorded' : `recorded-session-${nth + 1}`,
    caption: `The session ${name} under each policy. Lost: characters that are in no version at the end, of those that were typed and that under that policy nobody erased who had them. Of the final text: the share of the ${whole(traceLength)} characters of the recording’s final text that are in no version. The two are of different sets: where an erasure is skipped, its character is still to be kept. Distance: characters to erase and to type to the text at the end of the recording, as a share of it. ${marks}`,
    of: 'policy',
    rows: [...ofPolicy.keys()],
    columns: [
      column('lost', ({ lostEffects }) => lostEffects, whole, {
        behind: (policy) => ` of ${whole(ofPolicy.get(policy)?.effects ?? 0)}`,
      }),
      column('of the final text', ({ lostShare }) => lostShare, share),
      column('ghosts', ({ ghosts }) => ghosts, whole),
      column('doubled', ({ doubled }) => doubled, whole),
      column('distance', ({ distance }) => distance, share),
      column('final length', ({ finalLength }) => finalLength, whole, { best: 'none' }),
      column('sent', ({ bytes }) => bytes, bytes),
    ],
  })
}

/** One play of a recording is all there is: it has no interval. */
export const exact = (told: (value: number) => string): Measure => ({
  estimate: () => undefined,
  told: ({ mean }) => told(mean),
})
