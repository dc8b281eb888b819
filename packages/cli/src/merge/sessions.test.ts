import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { test } from '@fast-check/vitest'
import { playSession, policies, sessionOf } from '@rejoin/lab'
import type { Session, SessionResult } from '@rejoin/lab'
import { parseConcurrent } from '@rejoin/lab/trace'
import type { ConcurrentTrace, Patch } from '@rejoin/lab/trace'
import { describe, expect } from 'vitest'
import { firstOfConcurrent, NaiveText } from './naive.test.helper.ts'
import { sessions } from './sessions.test.helper.ts'
import type { RawSession } from './sessions.test.helper.ts'

function valueOf<Value>(result: { ok: true; value: Value } | { ok: false; error: string }): Value {
  if (!result.ok) throw new Error(result.error)
  return result.value
}

const parsed = (name: string, json: string): ConcurrentTrace => valueOf(parseConcurrent(name, json))

/** Each character by its number, as a character of its own, so that texts tell which they are. */
const named = (character: number): string => String.fromCodePoint(0x1_00_00 + character)

function withNames({ txns, ...rest }: RawSession): RawSession {
  let typed = 0
  const rename = ([at, deleted, inserted]: Patch): Patch => [
    at,
    deleted,
    Array.from(inserted, () => named(typed++)).join(''),
  ]
  return { ...rest, txns: txns.map((txn) => ({ ...txn, patches: txn.patches.map(rename) })) }
}

describe('the reference of a recorded session', () => {
  test.prop([sessions])('[LA50] a patch acts on the characters that the naive text has there', (raw) => {
    const renamed = withNames(raw)
    const session = valueOf(sessionOf(parsed('t', JSON.stringify(raw))))
    const model = new NaiveText()
    for (const [index, { parents, patches }] of renamed.txns.entries()) {
      model.begin(parents)
      for (const [nth, patch] of patches.entries()) {
        const shown = Array.from(model.view(index))
        const [at, deleted, inserted] = patch
        const stroke = session.transactions[index]?.strokes[nth]
        expect(stroke?.erased.map(named)).toEqual(shown.slice(at, at + deleted))
        expect(stroke?.behind).toBe(at === 0 ? -1 : (shown[at - 1]?.codePointAt(0) ?? 0) - 0x1_00_00)
        expect(stroke?.count === 0 ? '' : named(stroke?.first ?? -1)).toBe(Array.from(inserted)[0] ?? '')
        expect(stroke?.count).toBe(Array.from(inserted).length)
        model.apply(index, patch)
      }
    }
    expect(Array.from(session.end, named).join('')).toBe(model.text)
  })
})

/** What a session comes to if the latest of all writes stands, with no engine: how it ends, and what was erased. */
function latestStands({ authors, before, transactions }: Session): { end: readonly number[]; erased: Set<number> } {
  const nothing = { text: [] as readonly number[], at: -1 }
  const copies = Array.from({ length: authors }, () => nothing)
  const written: (typeof nothing)[] = []
  const erased = new Set<number>()
  const latest = (states: readonly (typeof nothing)[]): typeof nothing =>
    states.reduce((best, state) => (state.at > best.at ? state : best), nothing)
  for (const [at, { author, takesIn, strokes }] of transactions.entries()) {
    const copy = latest([copies[author] ?? nothing, ...takesIn.map((taken) => written[taken] ?? nothing)])
    let { text } = copy
    for (const { erased: gone, behind, first, count } of strokes) {
      for (const character of gone) if (text.includes(character)) erased.add(character)
      text = text.filter((character) => !gone.includes(character))
      let left = behind
      while (left >= 0 && !text.includes(left)) left = before[left] ?? -1
      const typed = Array.from({ length: count }, (_, nth) => first + nth)
      text = text.toSpliced(text.indexOf(left) + 1, 0, ...typed)
    }
    const changes = strokes.some(({ count }) => count > 0) || text.length !== copy.text.length
    copies[author] = changes ? { text, at } : copy
    written.push(changes ? { text, at } : nothing)
  }
  return { end: latest(copies).text, erased }
}

const anySession = sessions.map((raw) => valueOf(sessionOf(parsed('t', JSON.stringify(raw)))))

describe('random sessions of four authors', () => {
  test.prop([anySession], { numRuns: 50 })('[LA53] Yjs shows what the reference shows', async (session) => {
    const [result] = await played(session, 'yjs')
    expect(result).toMatchObject({ lostEffects: 0, lostShare: 0, ghosts: 0, doubled: 0, distance: 0, skipped: 0 })
    expect(result).toMatchObject({ effects: session.end.length, finalLength: session.end.length, convergent: true })
  })

  test.prop([anySession], { numRuns: 50 })(
    '[LA52] what last-write-wins loses is what a list loses',
    async (session) => {
      const { end, erased } = latestStands(session)
      const lost = Array.from({ length: session.typed }, (_, character) => character).filter(
        (character) => !erased.has(character) && !end.includes(character),
      )
      for (const name of ['lww-field-hlc', 'lww-record-clock', 'lww-field-arrival', 'client-wins'])
        expect([name, ...(await played(session, name))]).toMatchObject([
          name,
          {
            ...{ effects: session.typed - erased.size, lostEffects: lost.length, finalLength: end.length },
            ...{ ghosts: end.filter((character) => erased.has(character)).length, doubled: 0, convergent: true },
            lostShare:
              session.end.filter((character) => !end.includes(character)).length / Math.max(1, session.end.length),
          },
        ])
    },
  )

  test.prop([anySession], { numRuns: 20 })('[LA52] under every policy all authors end alike', async (session) => {
    for (const policy of policies) {
      const result = await playSession(session, policy, { skewMs: [60_000, -3_000] })
      expect(result).toMatchObject({ policy: policy.name, convergent: true, doubled: 0 })
    }
  })
})

const friends = parsed(
  'friendsforever-concurrent',
  gunzipSync(readFileSync(new URL('../../traces/friendsforever-concurrent.json.gz', import.meta.url))).toString(),
)

const played = (session: Session, name: string): Promise<SessionResult[]> =>
  Promise.all(policies.filter((policy) => policy.name === name).map((policy) => playSession(session, policy)))

describe('two people who write a review at once', () => {
  const beginning = valueOf(sessionOf(firstOfConcurrent(friends, 1500)))

  test.each(['yjs', 'automerge'])('[LA53] %s loses nothing and brings nothing back', async (name) => {
    const { length } = beginning.end
    expect(await played(beginning, name)).toMatchObject([
      {
        ...{ effects: length, lostEffects: 0, lostShare: 0, ghosts: 0, doubled: 0, finalLength: length, distance: 0 },
        ...{ skipped: 0, convergent: true },
      },
    ])
  })

  test('[LA56] last-write-wins of the whole text loses more than a third of it', async () => {
    const [result] = await played(beginning, 'lww-field-hlc')
    expect(result?.lostShare).toBeGreaterThan(1 / 3)
    // Counted anew by a simulation without an engine: lists of characters, each with the time of the last write.
    expect(result).toMatchObject({ effects: 1_413, lostEffects: 780, finalLength: 645, skipped: 21, convergent: true })
  })
})
