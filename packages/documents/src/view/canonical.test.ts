import { documentsOf } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalHash } from './canonical.ts'
import type { DocumentUpdate, Entity } from '../entity/entity.ts'
import { deliver, notes, replica, share, snapshotsOf, Stamps, updatesOf } from '../replicas.test.helper.ts'
import { viewOf } from './view.ts'
import { yjs } from '../yjs/index.ts'

type Note = Entity<typeof notes>

/** One edit: several operations on shared fields or on the server's, some of them failing at the end. */
const operation = fc.record({ what: fc.nat(9), at: fc.nat(20), word: fc.constantFrom('a', 'b', 'light', 'é', '😀') })
const edit = fc.record({
  replica: fc.nat(2),
  server: fc.boolean(),
  fails: fc.nat(5).map((dice) => dice === 0),
  operations: fc.array(operation, { minLength: 1, maxLength: 5 }),
  heard: fc.nat(100),
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

function perform(entity: Note, { server, fails, operations }: Edit): readonly DocumentUpdate[] {
  const stop = new Error('stop')
  const result = server
    ? entity.edit('server', (note) => {
        for (const { what, at, word } of operations) {
          if (what % 2 === 0) note.grade.set(at)
          else note.remarks.insert(0, word)
        }
        if (fails) throw stop
      })
    : entity.edit('user', (note) => {
        for (const { what, at, word } of operations) {
          if (what === 0) note.title.set(word)
          else if (what === 1) note.anything.set({ [word]: at })
          else if (what === 2) note.body.insert(0, word)
          else if (what === 3) note.body.insert(note.body.length, word)
          else if (what === 4) note.body.delete(0, note.body.length)
          else if (what === 5) note.tags.add(word)
          else if (what === 6) note.tags.delete(word)
          else if (what === 7) note.minutes.add(at)
          else if (what === 8) note.steps.insert(at % (note.steps.length + 1), word)
          else note.steps.delete(0, Math.min(at % 3, note.steps.length))
        }
        if (fails) throw stop
      })
  if ('error' in result && result.error !== stop) throw result.error
  return result.updates
}

describe('the canonical form', () => {
  test('[DO73] replicas with the same updates have the same form, whatever was edited and in whatever order it came', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (edits, dice, shareClock) => {
          const clock = new Stamps()
          const replicas = [1, 2, 3].map((n) => replica(n, shareClock ? { stamps: clock } : {}).entity)
          const all: DocumentUpdate[] = []
          const heard = replicas.map(() => 0)
          for (const next of edits) {
            const entity = replicas[next.replica] as Note
            // Hears some of what it missed, then edits.
            const upTo = Math.min(all.length, (heard[next.replica] ?? 0) + (next.heard % 4))
            deliver(entity, all.slice(heard[next.replica], upTo))
            heard[next.replica] = upTo
            all.push(...perform(entity, next))
          }
          for (const entity of replicas) deliver(entity, shuffle(all, dice))
          // One by one in another order, twice, and from snapshots.
          const late = replica(4).entity
          deliver(late, shuffle([...all, ...all], dice))
          const loaded = replica(5).entity
          for (const document of documentsOf(notes)) loaded.load(document, [late.snapshot(document)])
          const forms = [...replicas, late, loaded].map((entity) => entity.canonical())
          expect(new Set(forms).size).toBe(1)
          expect([late.pending(), loaded.pending()]).toEqual([false, false])
          expect(viewOf(notes, late.id, yjs, snapshotsOf(late))).toEqual(late.exists() ? late.view() : undefined)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('[DO50] a failed edit leaves the form and the bytes as they were, whatever it did', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), edit, (edits, failing) => {
        const { entity } = replica(1)
        for (const next of edits) perform(entity, next)
        const before = [entity.canonical(), ...snapshots(entity)]
        expect(perform(entity, { ...failing, fails: true })).toEqual([])
        expect([entity.canonical(), ...snapshots(entity)]).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })

  test('[DO73] it tells apart what differs only in a survivor that lost, or in a stamp', () => {
    const [a, b, c] = [replica(1), replica(2), replica(3)]
    const ours = updatesOf(a.entity.edit('user', (note) => note.title.set('lost')))
    b.stamps.last = 5
    const theirs = updatesOf(b.entity.edit('user', (note) => note.title.set('won')))
    deliver(a.entity, theirs)
    deliver(c.entity, theirs)
    expect(a.entity.view()).toEqual(c.entity.view())
    expect(a.entity.canonical()).not.toBe(c.entity.canonical())
    deliver(c.entity, ours)
    expect(a.entity.canonical()).toBe(c.entity.canonical())
    const later = replica(2)
    later.stamps.last = 6
    share(later.entity.edit('user', (note) => note.title.set('won')))
    expect(later.entity.canonical()).not.toBe(b.entity.canonical())
  })

  test('[DO73] its keys are sorted, and its hash is SHA-256', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'x', anything: { b: 1, a: [null, 2] } }))
    expect(entity.canonical()).toBe(
      '{"collection":"notes","misfits":[],"survivors":{"server":{},"shared":{"@created":[[1,true]],' +
        '"anything":[[1,{"a":[null,2],"b":1}]],"title":[[1,"x"]]}},' +
        '"view":{"anything":{"a":[null,2],"b":1},"body":"","id":"n1","minutes":0,"remarks":"","steps":[],"tags":[],"title":"x"}}',
    )
    expect(canonicalHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(canonicalHash('é')).toBe(canonicalHash('\u00e9'))
  })
})

const snapshots = (entity: Entity<Collection>): unknown[] =>
  documentsOf(notes).map((document) => entity.snapshot(document))

function shuffle(all: readonly DocumentUpdate[], dice: IterableIterator<number>): DocumentUpdate[] {
  const order = all.map((update) => [dice.next().value ?? 0, update] as const)
  return order.sort(([a], [b]) => a - b).map(([, update]) => update)
}
