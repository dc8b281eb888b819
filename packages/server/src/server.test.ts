import { describe, expect, test } from 'vitest'
import { devToken, hs256 } from './identity/hs256.ts'
import { memory } from './log/memory.ts'
import { createServer } from './server.ts'
import { address, connectPeer, declareWriter, documents, entry, hello, push, space, subscribe } from './testing/peer.ts'
import { createWorld } from './testing/world.ts'

const secret = 'a secret of thirty-two bytes or more'

describe('a session', () => {
  test('a write of one is acked, and seen by the other', async () => {
    const world = createWorld()
    const server = await createServer({ store: memory(), authenticate: hs256(secret), ports: world.ports })
    const token = await devToken({ secret, user: 'ada', spaces: { s: 'editor' }, nowMs: world.now, lifeMs: 3_600_000 })
    const ada = connectPeer(server, world)
    const bob = connectPeer(server, world)
    bob.send(hello(bob, token), space('s'), subscribe())
    ada.send(
      hello(ada, token),
      space('s'),
      subscribe(),
      declareWriter(ada.writer),
      documents(address('n1')),
      push(entry(1, 'one'), entry(2, 'two')),
    )
    await world.pass(1000)
    expect(ada.of('acks')).toMatchObject([{ writer: 0, intervals: [1, 2] }])
    expect(ada.entries()).toEqual([])
    expect(bob.entries()).toMatchObject([
      { document: 'notes/n1/shared/', writer: ada.writer, user: 'ada', n: 1, bytes: 'one' },
      { document: 'notes/n1/shared/', writer: ada.writer, user: 'ada', n: 2, bytes: 'two' },
    ])
    await server.close()
    expect(ada.closed?.code).toBe(4503)
  })
})
