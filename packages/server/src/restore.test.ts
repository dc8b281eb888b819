import { emptyToken, epochOf, seqOf } from '@rejoin/protocol'
import type { Token } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { memory } from './log/memory.ts'
import { emptySpace } from './log/records.ts'
import { hashes } from './platform/ports.ts'
import { judge } from './room/judge.ts'
import type { Verdict } from './room/judge.ts'
import { entry, push, space, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { refOf } from './testing/samples.ts'
import { closeScene, openScene } from './testing/scene.ts'
import type { Scene } from './testing/scene.ts'
import { Tokens } from './tokens.ts'

const headOf = (peer: Peer): Token => peer.of('acks').at(-1)?.head ?? emptyToken

/** What the server says to a replica with this cursor, and the numbers that it is sent. */
async function present(
  scene: Scene,
  after: Token,
  seen: Token = after,
): Promise<{ verdict: string | undefined; numbers: readonly number[]; epoch: string }> {
  const peer = await scene.peer('reader')
  peer.send(subscribe({ after, seen }))
  await scene.world.pass(1000)
  const [subscribed] = peer.of('subscribed')
  return {
    verdict: subscribed?.verdict,
    numbers: peer.entries().map(({ n }) => n),
    epoch: epochOf(subscribed?.head ?? emptyToken),
  }
}

describe('tokens', () => {
  test('[SE51] only this server makes tokens, each for one space of one tenant', () => {
    const tokens = new Tokens(hashes, new Uint8Array(32).fill(1))
    const ref = refOf('s')
    const token = tokens.make(ref, 'e'.repeat(32), 7, new Uint8Array(16).fill(2))
    expect(tokens.genuine(ref, token)).toMatchObject({ epoch: 'e'.repeat(32), seq: 7 })
    for (const other of [refOf('t'), refOf('s', 'other')]) expect(tokens.genuine(other, token)).toBeUndefined()
    expect(new Tokens(hashes, new Uint8Array(32)).genuine(ref, token)).toBeUndefined()
    for (let i = 0; i < token.length; i++) {
      const bent = token.map((byte, at) => (at === i ? byte ^ 1 : byte)) as Token
      expect(tokens.genuine(ref, bent)).toBeUndefined()
    }
    expect(tokens.genuine(ref, emptyToken)).toBeUndefined()
  })
})

describe('restore', () => {
  test('[SE52] a replica whose log is a beginning of this one goes on from its cursor, any other starts again', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    ada.send(push(entry(1, 'a')))
    await scene.world.settle()
    const early = headOf(ada)
    ada.send(push(entry(2, 'b')), space('t', 1))
    await scene.world.settle()
    const late = headOf(ada)
    const forged = late.map((byte, i) => (i === late.length - 1 ? byte ^ 1 : byte)) as Token
    expect(await present(scene, emptyToken)).toMatchObject({ verdict: 'continue', numbers: [1, 2] })
    expect(await present(scene, early)).toMatchObject({ verdict: 'continue', numbers: [2] })
    expect(await present(scene, early, late)).toMatchObject({ verdict: 'continue', numbers: [2] })
    expect(await present(scene, emptyToken, late)).toMatchObject({ verdict: 'continue', numbers: [1, 2] })
    expect(await present(scene, late)).toMatchObject({ verdict: 'continue', numbers: [] })
    expect(await present(scene, forged)).toMatchObject({ verdict: 'restart', numbers: [1, 2] })
    expect(await present(scene, late, early)).toMatchObject({ verdict: 'restart', numbers: [1, 2] })
  })

  test('[SE53] a database put back begins a new epoch at its start: who knows a beginning goes on, who knew more restarts', async () => {
    const store = memory()
    const first = await openScene({ store })
    const ada = await first.peer('ada')
    ada.send(push(entry(1, 'a')))
    await first.world.settle()
    const [early, backup] = [headOf(ada), store.backup()]
    ada.send(push(entry(2, 'b')))
    await first.world.settle()
    const late = headOf(ada)
    await closeScene(first)
    store.restore(backup)
    const second = await openScene({ store, world: first.world })
    expect(await present(second, early)).toMatchObject({ verdict: 'continue', numbers: [] })
    const { verdict, numbers, epoch } = await present(second, early, late)
    expect([verdict, numbers, epoch === epochOf(early)]).toEqual(['restart', [1], false])
    const again = await second.peer('ada', { writer: ada.writer })
    again.send({ kind: 'ask', writer: 0, intervals: [1, 2] })
    await second.world.settle()
    expect([again.of('acks'), again.of('unknown')]).toMatchObject([[{ intervals: [1, 1] }], [{ intervals: [2, 2] }]])
  })

  test('[SE54] a genuine token from ahead, or from another past, begins a new epoch, and everybody is judged anew', async () => {
    for (const kind of ['ahead', 'other past'] as const) {
      const store = memory()
      const first = await openScene({ store })
      const ada = await first.peer('ada')
      ada.send(push(entry(1, 'a')))
      await first.world.settle()
      const backup = store.backup()
      ada.send(push(entry(2, 'b')))
      await first.world.settle()
      const late = headOf(ada)
      await closeScene(first)
      // The whole disk was put back, the witness too: nothing is noticed at the start.
      const copy = memory()
      copy.restore(backup)
      const second = await openScene({
        store: { open: async (random) => ({ ...(await copy.open(random)), key: (await store.open(random)).key }) },
        world: first.world,
      })
      const bob = await second.peer('bob')
      bob.send(subscribe())
      if (kind === 'other past') bob.send(push(entry(1, 'c'), entry(2, 'd')))
      await second.world.pass(1000)
      const before = epochOf(bob.of('subscribed')[0]?.head ?? emptyToken)
      expect(before).toBe(epochOf(late))
      const { verdict, epoch } = await present(second, late)
      expect([verdict, epoch === before]).toEqual(['restart', false])
      expect(bob.of('unsubscribed')).toMatchObject([{ stream: 0, error: 'unavailable' }])
      expect(await present(second, bob.of('range').at(-1)?.token ?? emptyToken)).toMatchObject({
        verdict: 'continue',
        numbers: [],
      })
      expect((await present(second, late)).epoch).toBe(epoch)
    }
  })

  test('[SE52] a token whose row was folded too long ago to know is treated as another log', async () => {
    const tokens = new Tokens(hashes, new Uint8Array(32))
    const ref = refOf('s')
    const record = { ...emptySpace, epoch: 'e'.repeat(32), head: 9, hash: new Uint8Array(16).fill(9) }
    const seen = tokens.make(ref, record.epoch, 5, new Uint8Array(16).fill(5))
    const knowing = (hash: Uint8Array | undefined): Promise<Verdict> =>
      judge(ref, record, { after: seen, seen }, tokens, async () => hash)
    expect(await knowing(undefined)).toEqual({ kind: 'restart', setBackIn: undefined })
    expect(await knowing(new Uint8Array(16).fill(6))).toEqual({ kind: 'restart', setBackIn: record.epoch })
    expect(await knowing(new Uint8Array(16).fill(5))).toEqual({ kind: 'continue', after: 5 })
  })

  test('[SE55] acks and ranges carry the token of the head, and the numbers in them never go back', async () => {
    const scene = await openScene()
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    bob.send(subscribe())
    for (let n = 1; n <= 5; n++) {
      ada.send(push(entry(n, 'x')))
      await scene.world.settle()
    }
    const acked = ada.of('acks').map(({ head }) => seqOf(head))
    expect([acked, bob.of('range').map(({ token }) => seqOf(token))]).toEqual([
      [2, 3, 4, 5, 6],
      [2, 3, 4, 5, 6],
    ])
    expect(bob.of('range').at(-1)?.token).toEqual(headOf(ada))
  })
})
