import { describe, expect, test } from 'vitest'
import type { EngineName } from '../world/app.ts'
import type { Page } from '../world/entity.ts'
import { auditTape } from './audit.ts'
import type { Bytes } from './bare/bare.ts'
import { writers } from './bare/writers.test.helper.ts'
import { Replay } from './replay.ts'
import type { TapeRow } from './tape.ts'

const written: readonly (readonly [key: string, stamp: number, value: unknown])[] = [
  ['title', 5, 'old'],
  ['title', 7, 'new'],
  ['marks/"m"', 7, true],
  ['order/1.0', 7, ['m', 'a']],
  ['order/1.0/p', 8, 'b'],
  ['best', 7, 3],
  ['best', 6, 4],
  ['state', 7, 's'],
]

const page: Page = {
  title: 'new',
  marks: ['m'],
  count: 1,
  body: 'abc',
  steps: ['one'],
  order: ['m'],
  best: 4,
  state: 's',
  rating: { r0: 'm' },
}

describe.each(Object.keys(writers) as EngineName[])('a log in %s', (engine) => {
  /** Three keystrokes, a step, registers that nobody who saw them wrote again, and a rating, each an entry of its own. */
  function log(): TapeRow[] {
    const rows: TapeRow[] = []
    const write = (field: string, bytes: Bytes, part = 'shared'): void => {
      const seq = rows.length + 1
      rows.push({ ...bytes, seq, kind: 'update', document: `notes/n1/${part}/${field}`, writer: 'w', n: seq })
    }
    const writer = writers[engine]
    const typist = writer()
    for (const [at, char] of ['a', 'b', 'c'].entries()) write('body', typist.type(at, char))
    write('steps', writer().push('one'))
    for (const entry of written) write('', writer().put(...entry))
    write('', writer().put('rating', 7, 'm'), 'owner:r0')
    return rows
  }

  const engineOf = (): EngineName => engine
  const verdict = (rows: readonly TapeRow[]): readonly string[] =>
    auditTape('earth', rows, { engineOf }).map((sentence) => sentence.slice(0, sentence.indexOf(']') + 1))

  test('[SI8, SI17] is found sound, and reads as what was written', () => {
    expect(verdict(log())).toEqual([])
    expect(new Replay(log()).wrongIn('notes/n1', page)).toEqual([])
  })

  test('[SI8] with a hole in the numbers, an id or a content that comes twice is found', () => {
    const rows = log()
    const [first] = rows
    const seq = rows.length + 1
    if (first === undefined) throw new Error('The log is empty.')
    expect(verdict(rows.slice(1))).toContain('[I5]')
    expect(verdict([...rows, { ...first, ...writers[engine]().type(0, 'x'), seq }])).toEqual(['[I4]'])
    expect(verdict([...rows, { ...first, seq, n: seq }])).toEqual(['[I4]'])
    const again = [...rows, { ...first, seq, n: seq, writer: 'other' }]
    expect(verdict(again)).toEqual(['[I4]'])
    expect(auditTape('earth', again, { engineOf, mayRepeat: (writer) => writer === 'other' })).toEqual([])
    expect(auditTape('earth', again, { engineOf, mayRepeat: (writer) => writer === 'w' })).toHaveLength(1)
  })

  test('[SI17] with bytes of another engine is found', () => {
    const rows = log()
    const other = engine === 'yjs' ? 'automerge' : 'yjs'
    const foreign = { ...writers[other]().type(0, 'x'), kind: 'update', writer: 'w' } as const
    const seq = rows.length + 1
    expect(verdict([...rows, { ...foreign, seq, n: seq, document: 'notes/n1/shared/body' }])).toEqual(['[I14]'])
    expect(auditTape('earth', rows, { engineOf: () => other })).toHaveLength(rows.length)
  })

  test('[SI8] that a page differs from in any field is found, and one that waits for something', () => {
    const replay = new Replay(log())
    const others: readonly Partial<Page>[] = [
      { title: 'old' },
      { marks: [] },
      { body: 'acb' },
      { steps: [] },
      { order: ['m', 'm'] },
      { best: 3 },
      { state: undefined },
      { rating: {} },
    ]
    for (const other of others) expect(replay.wrongIn('notes/n1', { ...page, ...other })).toHaveLength(1)
    const holed = new Replay(log().filter(({ seq }) => seq !== 2))
    expect(holed.wrongIn('notes/n1', page)[0]).toMatch(/^\[I3\] the log of notes\/n1\/shared\/body waits/)
  })
})

test('[SI17] a damaged change of Automerge is none, though its library takes it in', () => {
  const { bytes } = writers.automerge().type(0, 'x')
  const row = { seq: 1, kind: 'update', document: 'notes/n1/shared/body', writer: 'w', n: 1 } as const
  const audited = (damaged: Uint8Array): readonly string[] =>
    auditTape('earth', [{ ...row, encoding: 'automerge', bytes: damaged }], { engineOf: () => 'automerge' })
  expect(audited(bytes)).toEqual([])
  for (const at of [0, 4, 9, bytes.length - 1]) {
    const damaged = bytes.slice()
    damaged[at] = (bytes[at] ?? 0) ^ 1
    expect(() => audited(damaged)).toThrow(Error)
  }
  expect(() => audited(bytes.subarray(1))).toThrow(Error)
})
