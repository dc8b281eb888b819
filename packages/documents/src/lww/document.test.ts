import { expect, test } from 'vitest'
import type { Change, EngineDocument, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { lastWriteWins } from './index.ts'
import type { Policy } from './index.ts'
import { goingClock, policiesBy } from './policies.test.helper.ts'

const fields = lastWriteWins({ unit: 'field', order: 'arrival' })

function writable(engine = fields, client = 1, ...known: Update[]): EngineDocument {
  const document = engine.create()
  document.apply(known)
  document.setClient(client)
  return document
}

function told(document: EngineDocument, change: () => void): { update: Update; changes: readonly Change[] } {
  let changes: readonly Change[] = []
  const update = document.transact(change, (all) => (changes = all))
  if (update === undefined) throw new Error('nothing was written')
  return { update, changes }
}

test('[DO237] a change of a text is told as the whole old one deleted and the whole new one inserted', () => {
  const document = writable()
  const { changes: first } = told(document, () => document.text.insert(0, 'abc'))
  expect(first).toEqual([{ root: 'text', insert: 'abc', id: { client: 1, clock: 0 }, after: null }])
  const { changes: second } = told(document, () => document.text.insert(1, 'X'))
  expect(second).toEqual([
    { root: 'text', delete: 'abc', id: { client: 1, clock: 0 } },
    { root: 'text', insert: 'aXbc', id: { client: 1, clock: 3 }, after: null },
  ])
  expect(document.clientClock(1)).toBe(7)
})

test('[DO237] a change is taken back while it stands, as a whole, and made again', () => {
  const document = writable()
  told(document, () => document.list.insert(0, [1, 2]))
  const mine = told(document, () => document.list.insert(1, ['mine']))
  const other = writable(fields, 2, document.snapshot())
  const back = told(document, () => document.revert(mine.changes, () => 5))
  expect(document.list.read()).toEqual([1, 2])
  told(document, () => document.revert(back.changes, () => 6))
  expect(document.list.read()).toEqual([1, 'mine', 2])
  const theirs = told(other, () => other.list.insert(3, ['theirs']))
  const late = writable(fields, 3, document.snapshot(), theirs.update)
  expect(late.transact(() => void late.revert(back.changes, () => 7))).toBeUndefined()
})

test('[DO237] marks are kept; that there are any is told as untold, and they do not come back', () => {
  const document = writable()
  told(document, () => document.text.insert(0, 'plain'))
  const bold = told(document, () => document.text.format(1, 2, { bold: true, link: 'a' }))
  expect(bold.changes.map(({ root }) => root)).toEqual(['text', 'text', 'untold'])
  expect(document.standAlone(bold.changes)).toBe(false)
  const runs = [
    { text: 'p', marks: {} },
    { text: 'la', marks: { bold: true, link: 'a' } },
    { text: 'in', marks: {} },
  ]
  expect([document.text.runs(), writable(fields, 2, document.snapshot()).text.runs()]).toEqual([runs, runs])
  const gone = told(document, () => document.text.delete(0, 5))
  told(document, () => document.revert(gone.changes, () => 1))
  expect(document.text.runs()).toEqual([{ text: 'plain', marks: {} }])
})

test('[DO237] a key has one value, and what is appended replaces it', () => {
  const document = writable()
  const { registers } = document
  const { changes } = told(document, () => {
    registers.append('k', 5, 'first')
    registers.append('k', 4, 'second')
  })
  expect(registers.survivors('k').map(({ value }) => value)).toEqual(['second'])
  expect(changes).toEqual([
    { root: 'registers', key: 'k', wrote: { stamp: 4, value: 'second', client: 1, clock: 1 }, removed: [] },
  ])
})

test('[DO237] what comes to nothing gives no update', () => {
  const document = writable()
  told(document, () => {
    document.text.insert(0, 'a😀')
    document.list.insert(0, [{ a: 1 }])
  })
  const change = (): void => {
    document.text.insert(1, 'x')
    document.text.delete(1, 1)
    document.list.insert(0, [0])
    document.list.delete(0, 1)
    document.registers.append('k', 1, 1)
    document.registers.remove('k')
    document.text.format(0, 1, { bold: null })
    for (const wrong of [
      () => document.text.insert(2, 'x'),
      () => document.text.delete(0, 2),
      () => document.list.delete(0, 2),
    ])
      expect(wrong).toThrow(expect.objectContaining({ kind: 'bad-value' }))
  }
  expect(document.transact(change)).toBeUndefined()
})

test('[DO239] the same edits give the same bytes, where no clock is read', () => {
  const bytes = (policy: Policy): string => {
    const document = writable(lastWriteWins(policy))
    const { update } = told(document, () => {
      document.registers.append('k', 0, 'v')
      document.text.insert(0, 'text')
    })
    return update.bytes.join()
  }
  for (const policy of policiesBy(goingClock()))
    expect([policy.order, bytes(policy) === bytes(policy)]).toEqual([policy.order, !('clock' in policy)])
})

test('[DO233] the time of a hybrid clock is at least the stamp of what is written', () => {
  const engine = lastWriteWins({ unit: 'field', order: 'hybrid-clock', clock: goingClock() })
  const [ahead, right] = [writable(engine, 1), writable(engine, 2)]
  const first = told(ahead, () => ahead.registers.append('k', Number.MAX_SAFE_INTEGER - 1, 'ahead')).update
  const later = told(right, () => right.registers.append('k', 1, 'later')).update
  const both = writable(engine, 3, first, later)
  expect(both.registers.survivors('k').map(({ value }) => value)).toEqual(['ahead'])
  told(both, () => both.registers.append('k', 1, 'knowing'))
  expect(both.registers.survivors('k').map(({ value }) => value)).toEqual(['knowing'])
})

test('[DO234] a document says so where operations of others come under its client id', () => {
  const [one, other] = [writable(), writable()]
  const update = told(one, () => one.registers.append('k', 1, 1)).update
  one.apply([{ ...update, seq: 1 }])
  told(one, () => one.registers.append('k', 1, 2))
  other.apply([update])
  expect(() => other.transact(() => undefined)).toThrow(expect.objectContaining({ kind: 'client-id-taken' }))
})

test('[DO232] a record that comes with what others wrote stands alone, though their writes have not come', () => {
  const records = lastWriteWins({ unit: 'record', order: 'arrival' })
  const first = writable(records, 1)
  const second = writable(records, 2, told(first, () => first.registers.append('a', 1, 'one')).update)
  const { update } = told(second, () => second.registers.append('b', 1, 'two'))
  const third = writable(records, 3, { ...update, seq: 2 })
  expect(stateOf(third)).toBe(stateOf(second))
  const { changes } = told(second, () => second.registers.remove('a'))
  expect(third.standAlone(changes)).toBe(true)
})
