import { kindOfClose } from '@rejoin/protocol'
import type { ServerFrame } from '@rejoin/protocol'
import { expect, test } from 'vitest'
import { babbles } from './deeds/babble.ts'
import { doubled, leaked, overfilled, silences, strangeEndings, trespassed } from './evidence.ts'
import type { WrittenRow } from './evidence.ts'
import { deedKinds } from './ground.ts'
import type { DeedKind } from './ground.ts'
import { canary, Rig } from './rig.test.helper.ts'
import type { Replica, RigOptions } from './rig.test.helper.ts'

const spaces = ['earth', 'mars', 'pluto']

interface Scene {
  readonly rig: Rig
  readonly ana: Replica
}

/** Ana is in all three spaces and has a note in each; the hostile user is connected. */
async function scene(options: RigOptions = {}): Promise<Scene> {
  const rig = await Rig.open(options)
  const ana = await rig.honest(...spaces)
  for (const space of spaces)
    await rig.of(ana.notes.create({ title: `${space} ${space === 'mars' ? canary : ''}` }, { space }))
  await rig.level(ana)
  await rig.begin()
  return { rig, ana }
}

/** Nothing that was promised is broken, and Ana goes on as if nobody was there. */
async function unharmed({ rig, ana }: Scene): Promise<void> {
  const { evidence } = rig.hostile
  const logs = new Map<string, readonly WrittenRow[]>()
  for (const space of spaces)
    logs.set(
      space,
      (await rig.entries(space)).map((entry) => ({ ...entry, writer: entry.writer ?? '' })),
    )
  const rowsOf = (space: string): readonly WrittenRow[] => logs.get(space) ?? []
  expect(leaked(evidence)).toEqual([])
  expect(trespassed(evidence, 'pluto', spaces, rowsOf)).toEqual([])
  expect(doubled(evidence, 'pluto', rowsOf('pluto'))).toEqual([])
  await rig.pass(20_000)
  const patience = { nowMs: rig.time.elapsed, boundMs: 10_000, calmSinceMs: 0 }
  expect(silences(evidence, patience)).toEqual([])
  expect(strangeEndings(evidence)).toEqual([])
  expect(overfilled(evidence, 4 * 1024 * 1024)).toEqual([])
  for (const space of spaces) {
    const note = await rig.of(ana.notes.create({ title: 'after' }, { space }))
    await rig.of(note.edit((n) => n.body.insert(0, 'and on')).stored)
  }
  await rig.level(ana)
  expect(ana.status.now).toMatchObject({ synced: true, pending: 0, rejected: 0 })
  const bea = await rig.honest('earth', 'mars')
  for (const space of ['earth', 'mars'])
    expect(await rig.of(bea.notes.list({ space }))).toEqual(await rig.of(ana.notes.list({ space })))
}

/** What each deed must have met at the server: kinds of its answers, and of the ends of connections. */
const met: Readonly<Record<DeedKind, readonly string[]>> = {
  replay: ['acks', 'forbidden', 'not-found'],
  forge: ['forbidden', 'client-id-taken', 'acks'],
  equivocate: ['acks'],
  deafen: ['timeout'],
  reuse: ['acks'],
  trespass: ['not-found', 'forbidden', 'unknown'],
  foresee: ['restart', 'gap', 'clock', 'generation'],
  flood: ['acks', 'subscribed', 'rate-limited'],
  spoil: ['acks', 'undecodable', 'too-large'],
  babble: ['bad-frame', 'checksum', 'too-large', 'unsupported'],
  knock: ['timeout', 'unauthenticated', 'protocol-version', 'bad-frame', 'too-large', 'unavailable'],
}

/** Those that write contents do so in every engine. */
const cases = [
  ...deedKinds.map((kind) => [kind, 'yjs'] as const),
  ...(['forge', 'equivocate', 'reuse', 'spoil'] as const).map((kind) => [kind, 'automerge'] as const),
]

test.each(cases)('[SI50] %s reaches what it attacks in %s, and harms nobody else', async (kind, engine) => {
  // Limits low enough for what a test can bear to send.
  const at = await scene({ engine, limits: kind === 'deafen' ? { bufferedBytesMax: 2048 } : {} })
  const { rig } = at
  await rig.act('equivocate', 1)
  rig.sent.length = 0
  for (let seed = 1; seed <= (kind === 'spoil' ? 100 : 40); seed++) await rig.act(kind, seed, pauseMs[kind] ?? 1_500)
  expect(rig.did.filter((did) => did === kind).length).toBeGreaterThan(20)
  const words = new Set([
    ...rig.sent.flatMap((frame) => [frame.kind, ...wordsOf(frame)]),
    ...rig.closed.map(kindOfClose),
  ])
  expect([...words].filter((word) => met[kind].includes(word)).sort()).toEqual([...met[kind]].sort())
  await unharmed(at)
})

/** Until it reads again, or until what it began is over. */
const pauseMs: Partial<Record<DeedKind, number>> = { deafen: 42_000, knock: 7_000 }

const wordsOf = (frame: ServerFrame): readonly string[] =>
  'error' in frame ? [frame.error] : frame.kind === 'subscribed' ? [frame.verdict] : []

test('[SI50] every kind of babble ends its connection with its code, or is answered', async () => {
  const at = await scene()
  for (let seed = 1; seed <= 120; seed++) await at.rig.act('babble', seed, 100)
  await at.rig.pass(10_000)
  expect(new Set(at.rig.closed)).toEqual(new Set([1000, 4400, 4413, 4511]))
  expect(Object.keys(babbles).length).toBeGreaterThan(10)
  await unharmed(at)
})

test('[SI50] an accepted id keeps its first bytes, whatever comes under it later', async () => {
  const at = await scene()
  const { rig } = at
  await rig.act('equivocate', 1)
  const before = (await rig.entries('pluto')).length
  for (let seed = 1; seed <= 10; seed++) expect(await rig.act('reuse', seed)).toBe(true)
  expect((await rig.entries('pluto')).length).toBe(before)
  await unharmed(at)
})

test('[SI50] the same dice do the same deed', async () => {
  const said = async (): Promise<readonly string[]> => {
    const { rig } = await scene()
    for (const kind of deedKinds) for (let seed = 1; seed <= 3; seed++) await rig.act(kind, seed, 200)
    return rig.sent.map((frame) => ('intervals' in frame ? `${frame.kind} ${frame.intervals.join()}` : frame.kind))
  }
  expect(await said()).toEqual(await said())
})
