import type { Update } from '../engine.ts'
import { chunks, documentOf, expectEqual, law, stateAfter, updatesOf } from './case.ts'
import type { Law } from './case.ts'
import type { History, Write } from './history.ts'
import { stateOf } from './state.ts'

/** Convergence, registers and squashing. */
export const mergeLaws: readonly Law[] = [
  law('[DO1] any order of delivery gives the same state, one by one or at once', ({ engine, history, shuffle }) => {
    const expected = stateAfter(engine, updatesOf(history))
    expectEqual(stateAfter(engine, shuffle(updatesOf(history))), expected)
    const singly = engine.create()
    for (const update of shuffle(updatesOf(history))) singly.apply([update])
    expectEqual(stateOf(singly), expected)
  }),
  law('[DO2] any grouping of a delivery gives the same state', ({ engine, history, shuffle, number }) => {
    const document = engine.create()
    for (const chunk of chunks(shuffle(updatesOf(history)), number)) document.apply(chunk)
    expectEqual(stateOf(document), stateAfter(engine, updatesOf(history)))
  }),
  law('[DO3] an update seen twice changes nothing', ({ engine, history, shuffle }) => {
    const updates = updatesOf(history)
    const document = documentOf(engine, shuffle([...updates, ...updates]))
    expectEqual(stateOf(document), stateAfter(engine, updates))
    document.apply(shuffle(updates))
    expectEqual(stateOf(document), stateAfter(engine, updates))
  }),
  law('[DO4] nothing waits once everything has come, in whatever order', ({ engine, history, shuffle, number }) => {
    const whole = documentOf(engine, shuffle(updatesOf(history)))
    expectEqual(whole.pending(), false)
    const singly = engine.create()
    for (const update of shuffle(updatesOf(history))) singly.apply([update])
    expectEqual(singly.pending(), false)
    const chunked = engine.create()
    for (const chunk of chunks(shuffle(updatesOf(history)), number)) chunked.apply(chunk)
    expectEqual(chunked.pending(), false)
  }),
  law('[DO5] a snapshot with what came after it equals the log', ({ engine, history, shuffle, number }) => {
    const updates = shuffle(updatesOf(history))
    const cut = number(updates.length + 1)
    // Taken while some updates wait, too: a snapshot may not lose them.
    const early = documentOf(engine, updates.slice(0, cut)).snapshot()
    const expected = stateAfter(engine, updatesOf(history))
    expectEqual(stateAfter(engine, [early, ...updates.slice(cut)]), expected)
    expectEqual(stateAfter(engine, [...updates.slice(cut), early]), expected)
    expectEqual(stateAfter(engine, [...updates, early]), expected)
  }),
  law('[DO6] a document that is saved and loaded goes on under the same client id', ({ engine, history }) => {
    const client = 7
    const expected = engine.create()
    const log: Update[] = []
    let saved = expected.snapshot()
    for (const { update } of history.writes) {
      expected.apply([update])
      log.push(update)
      const loaded = documentOf(engine, [saved, update])
      expectEqual(stateOf(loaded), stateOf(expected))
      expectEqual(loaded.clientClock(client), expected.clientClock(client))
      loaded.setClient(client)
      const own = loaded.transact(() => {
        loaded.text.insert(loaded.text.length, 'own')
        loaded.registers.remove('own')
        loaded.registers.append('own', 1, log.length)
      })
      if (own === undefined) throw new Error('a change gave no update')
      log.push(own)
      expected.apply([own])
      saved = loaded.snapshot()
    }
    expectEqual(stateOf(expected), stateAfter(engine, log))
  }),
  law(
    '[DO7] the survivors of a key are the writes that nobody removed after seeing them',
    ({ engine, history, shuffle, number }) => {
      const document = engine.create()
      for (const chunk of chunks(shuffle(updatesOf(history)), number)) {
        document.apply(chunk)
        // Reading builds the index, which has to be right after every further delivery.
        document.registers.survivors('title')
      }
      const { registers } = document
      const found = [...registers.keys()].map((key) => [
        key,
        registers
          .survivors(key)
          .map(({ value }) => Number(value))
          .sort((a, b) => a - b),
      ])
      expectEqual(JSON.stringify(found.sort(byFirst)), JSON.stringify([...history.surviving].sort(byFirst)))
    },
  ),
  law('[DO8] survivors ascend by stamp, and every replica has the same last one', ({ engine, history, shuffle }) => {
    const one = documentOf(engine, updatesOf(history)).registers
    const other = documentOf(engine, shuffle(updatesOf(history))).registers
    for (const key of one.keys()) {
      const survivors = one.survivors(key)
      expectEqual(JSON.stringify(other.survivors(key).at(-1)?.value), JSON.stringify(survivors.at(-1)?.value))
      survivors.forEach(({ stamp }, i) => {
        if (stamp < (survivors[i - 1]?.stamp ?? 0)) throw new Error(`stamps of ${key} descend`)
      })
    }
  }),
  law(
    '[DO40] a text that is read after every update reads the same in the end, in whatever order they came',
    (input) => {
      const { engine, history, shuffle } = input
      const read = (updates: readonly Update[]): string => {
        const document = engine.create()
        for (const update of updates) {
          const units = document.text.runs().reduce((sum, { text }) => sum + text.length, 0)
          expectEqual(document.text.length, units)
          document.apply([update])
        }
        return JSON.stringify(document.text.runs())
      }
      expectEqual(read(shuffle(updatesOf(history))), read(updatesOf(history)))
    },
  ),
  law(
    '[DO9] squashed runs have the effect of the updates they were made of',
    ({ engine, history, shuffle, number }) => {
      const expected = stateAfter(engine, updatesOf(history))
      const squashed = runs(history, number).map((run) => engine.squash(run))
      expectEqual(stateAfter(engine, squashed), expected)
      expectEqual(stateAfter(engine, shuffle(squashed)), expected)
      const document = documentOf(engine, shuffle(squashed))
      expectEqual(document.pending(), false)
      expectEqual(stateAfter(engine, [document.snapshot()]), expected)
    },
  ),
  law(
    '[DO10] a squashed run has the same effect where any part of it, and of the rest, is known already',
    ({ engine, history, shuffle, number }) => {
      for (const run of shuffle(runs(history, number)).slice(0, 3)) {
        const rest = shuffle(updatesOf(history).filter((update) => !run.includes(update)))
        const before = [...rest.slice(0, number(rest.length + 1)), ...run.slice(0, number(run.length + 1))]
        const plain = documentOf(engine, before)
        const squashed = documentOf(engine, before)
        plain.apply(run)
        squashed.apply([engine.squash(run)])
        expectEqual(stateOf(squashed), stateOf(plain))
        expectEqual(squashed.pending(), plain.pending())
        plain.apply(rest)
        squashed.apply(rest)
        expectEqual(stateOf(squashed), stateOf(plain))
      }
    },
  ),
  law('[DO11] squashing in steps has the effect of squashing at once', ({ engine, history, shuffle, number }) => {
    const steps = runsBy(history, () => 1 << 30).map((run) => {
      let pieces: Update[] = [...run]
      while (pieces.length > 1) pieces = chunks(pieces, number).map((chunk) => engine.squash(chunk))
      return engine.squash(pieces)
    })
    expectEqual(stateAfter(engine, shuffle(steps)), stateAfter(engine, updatesOf(history)))
  }),
  law(
    '[DO12] edits made on squashed updates converge with edits made on plain ones',
    ({ engine, history, shuffle, number }) => {
      const plain = documentOf(engine, updatesOf(history))
      const squashed = documentOf(engine, shuffle(runs(history, number).map((run) => engine.squash(run))))
      const more = [plain, squashed].map((document, i) => {
        document.setClient(i + 1)
        return document.transact(() => {
          const { length } = document.text
          const at = number(length + 1)
          if (length > 0 && !/[\ud800-\udfff]/.test(document.text.read()))
            document.text.delete(Math.min(at, length - 1), 1)
          document.text.insert(document.text.length === 0 ? 0 : document.text.length, `more${i}`)
          document.list.insert(Math.floor(document.list.length / 2), [i])
          document.registers.remove('title')
          document.registers.append('title', 2, -i)
        })
      })
      for (const document of [plain, squashed]) document.apply(more.flatMap((update) => update ?? []))
      expectEqual(stateOf(squashed), stateOf(plain))
    },
  ),
]

const byFirst = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1)

/** Each replica's own writes, cut into runs of random length. */
const runs = (history: History, number: (below: number) => number): Update[][] => runsBy(history, () => 1 + number(12))

function runsBy({ writes }: History, length: () => number): Update[][] {
  const byReplica = new Map<number, Update[]>()
  for (const { replica, update } of writes satisfies readonly Write[])
    byReplica.set(replica, [...(byReplica.get(replica) ?? []), update])
  return [...byReplica.values()].flatMap((updates) => {
    const cut: Update[][] = []
    for (let i = 0; i < updates.length;) {
      const next = i + length()
      cut.push(updates.slice(i, next))
      i = next
    }
    return cut
  })
}
