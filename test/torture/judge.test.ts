import { expect, test } from 'vitest'
import type { Page, Place } from './app.ts'
import { judge } from './judge.ts'
import type { Edit, Found, Outcome } from './judge.ts'
import type { LogRow } from './log-file.ts'

const place: Place = { space: 'earth', kind: 'notes', id: 'n' }
const stored: Edit = {
  mark: 'R0.1.1',
  by: 'r0',
  place,
  fields: ['body', 'steps'],
  device: true,
  stored: true,
  fate: 'stored',
  quarantined: false,
}
/** Its maker was killed before it knew more than that the device has it. */
const kept: Edit = { ...stored, mark: 'R1.1.1', by: 'r1', fields: ['body'], stored: false }
const refused: Edit = { ...stored, mark: 'R1.1.2', by: 'r1', stored: false, fate: 'rejected', quarantined: true }
const forgotten: Edit = { ...stored, mark: 'R1.1.3', device: false, stored: false, fate: 'lost' }

const page: Page = {
  title: 'title R1.1.1',
  marks: ['R0.1.1', 'R1.1.1'],
  count: 2,
  body: 'lorem [R1.1.1]ipsum [R0.1.1]',
  steps: [5, 'R0.1.1'],
  grade: 2,
}

const row = (seq: number, kind: LogRow['kind'], n = 0, writer = 'w'): LogRow => ({ seq, kind, writer, n })
const rows = [row(1, 'writer'), row(3, 'snapshot'), row(4, 'fold'), row(5, 'update', 3)]
const folded = [row(2, 'update', 1), row(3, 'update', 2)]
const log = { space: 'earth', head: 5, rows, folded, stubs: [2], accepted: [['w', [1, 3]]] as const }

const found = (name: string, shown: Page = page, hash = 'h'): Found => ({
  name,
  isLevel: true,
  pending: 0,
  entities: { 'earth/notes/n': { page: shown, hash } },
})

const sound: Outcome = {
  edits: [stored, kept, refused, forgotten],
  grades: [1, 2, 3].map((grade) => ({ place, grade, isStored: grade < 3 })),
  acked: [1, 2, 3].map((n) => ({ space: 'earth', writer: 'w', n })),
  logs: [log],
  replicas: [found('r0'), found('fresh')],
  onTheWay: [],
}

const verdict = (broken: Partial<Outcome>): readonly string[] => judge({ ...sound, ...broken })
/** What everybody shows, otherwise than it should be. */
const showing = (other: Partial<Page>): readonly string[] => verdict({ replicas: [found('r0', { ...page, ...other })] })

test('an outcome in which every promise held is found sound', () => {
  expect(judge(sound)).toEqual([])
})

test('an acknowledged entry that is not in the log is found', () => {
  const lost = verdict({ logs: [{ ...log, folded: [row(2, 'update', 1), row(3, 'fold')] }] })
  expect(lost).toEqual(['Of 3 acknowledged entries 1 are not in the log (earth/w/2).'])
})

test('an entry that is in the log twice is found, also when folding has taken one of them away', () => {
  const twice = ['Of 3 entries in the log 1 are there more than once (earth/w/1).']
  expect(verdict({ logs: [{ ...log, head: 6, rows: [...rows, row(6, 'update', 1)] }] })).toEqual(twice)
})

test('an entry that was to be folded away and is still there is there once', () => {
  expect(verdict({ logs: [{ ...log, folded: [...folded, row(5, 'update', 3)] }] })).toEqual([])
})

test('an entry of which the server has forgotten the id is found', () => {
  const [sentence] = verdict({ logs: [{ ...log, accepted: [['w', [1, 1, 3, 3]]] }] })
  expect(sentence).toMatch(/forgotten the ids of 1 \(earth\/w\/2\)/)
})

test('a hole in the numbers is found, and a row beyond the head', () => {
  const hole = verdict({ logs: [{ ...log, rows: rows.filter(({ seq }) => seq !== 4) }] })
  expect(hole).toEqual(['The log of earth has 1 holes in its 5 numbers (4).'])
  expect(verdict({ logs: [{ ...log, head: 4 }] })[0]).toMatch(/1 rows beyond its head 4 \(5\)/)
})

test('unequal hashes are found, and an entity that only one replica has', () => {
  const unequal = verdict({ replicas: [found('r0'), found('fresh', page, 'other')] })
  expect(unequal).toEqual(['The replicas differ in the canonical hashes of 1 entities (earth/notes/n).'])
  expect(verdict({ replicas: [found('r0'), { ...found('fresh'), entities: {} }] })[0]).toMatch(/differ/)
})

test('what all replicas have wrong is said once', () => {
  const wrong = { ...page, count: 3 }
  const said = verdict({ replicas: [found('r0', wrong), found('r1', wrong)] })
  expect(said).toEqual(['r0+r1 in earth/notes/n: the counter is 3, and 2 edits are shown.'])
})

test('a replica that does not come level, or keeps writes, is found', () => {
  expect(verdict({ replicas: [{ ...found('r0'), isLevel: false }] })).toEqual(['In time r0 did not come level.'])
  expect(verdict({ replicas: [{ ...found('r0'), pending: 2 }] })[0]).toMatch(/outbox of r0 is not empty: 2/)
})

test('an edit with a receipt that is not shown is found, unless it is refused and to be seen in quarantine', () => {
  const gone = { ...page, title: 'new', marks: [], count: 0, body: '', steps: [] }
  const edits = (edit: Edit): readonly string[] => verdict({ edits: [edit], replicas: [found('r0', gone)] })
  expect(edits(stored)[0]).toMatch(/stored r0 does not show 1 \(R0\.1\.1\)/)
  expect(edits({ ...kept, fate: 'unknown' })[0]).toMatch(/on a device and not refused r0 does not show 1 \(R1\.1\.1\)/)
  expect(edits({ ...kept, fate: 'pending' })[0]).toMatch(/on a device/)
  expect(edits({ ...refused, quarantined: false })[0]).toMatch(/on a device/)
  expect(edits(refused)).toEqual([])
  expect(edits(forgotten)).toEqual([])
})

test('an edit that is shown while its receipt says otherwise is found', () => {
  for (const fate of ['rejected', 'pending', 'unknown'] as const)
    expect(verdict({ edits: [stored, { ...kept, fate }] })[0]).toMatch(
      /receipts of 1 edits that r0\+fresh shows.*\(R1\.1\.1\)/,
    )
  expect(verdict({ edits: [stored, { ...kept, device: false, fate: 'lost' }] })).toEqual([])
})

test('an edit that counts twice, or is shown in halves, is found', () => {
  expect(showing({ count: 3 })).toEqual(['r0 in earth/notes/n: the counter is 3, and 2 edits are shown.'])
  expect(showing({ body: `${page.body}[R0.1.1]` })[0]).toMatch(/text has 1 marks more than once/)
  expect(showing({ body: '[R0.1.1]' })[0]).toMatch(/text lacks 1 marks/)
  expect(showing({ body: `${page.body}[R1.1.2]` })[0]).toMatch(/text has 1 marks of edits that are not shown/)
  expect(showing({ body: `${page.body}[R1.` })[0]).toMatch(/torn/)
  expect(showing({ steps: [] })[0]).toMatch(/list lacks 1 marks/)
  expect(showing({ steps: ['R0.1.1', 'R0.1.1'] })[0]).toMatch(/list has 1 marks more than once/)
  expect(showing({ title: 'title R9.1.1' })[0]).toMatch(/title is of R9\.1\.1/)
  expect(showing({ marks: [...page.marks, 'X'], count: 3 })[0]).toMatch(/1 marks that nobody made/)
})

test('a grade other than the last stored one, or one after it, is found', () => {
  expect([1, 2, 3, 4, undefined].map((grade) => showing({ grade }).length)).toEqual([1, 0, 0, 1, 1])
})

test('what went wrong on the way is said', () => {
  expect(verdict({ onTheWay: ['A process ended of itself.'] })).toEqual(['A process ended of itself.'])
})
