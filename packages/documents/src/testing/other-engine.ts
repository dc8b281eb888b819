import { encodings, RejoinError } from '@rejoin/base'
import type { Engine, EngineDocument, Host, Update } from '../engine.ts'

/**
 * The engine once more, as another one: by another name, and with bytes of an encoding of its own. For tests of what
 * must keep engines apart.
 */
export const otherEngine = (inner: Engine): Engine => ({
  name: 'other-engine',
  encodings: ['other'],
  create: () => disguised(inner.create()),
  squash: (updates) => theirs(inner.squash(updates.map(ours))),
  changes: (before, update) => inner.changes(before.map(ours), ours(update)),
  changesOfEach: (before, updates) => inner.changesOfEach(before.map(ours), updates.map(ours)),
})

const disguised = (document: EngineDocument): EngineDocument =>
  over(document, {
    apply: (updates) => document.apply(updates.map(ours)),
    transact: (change, captured) => perhaps(document.transact(change, captured)),
    snapshot: () => theirs(document.snapshot()),
    bind: (host: Host) =>
      document.bind({
        changed: (update) => host.changed(perhaps(update)),
        freshClient: () => host.freshClient(),
        failed: (error) => host.failed(error),
      }),
  })

/** The object with some of its members replaced. What it has under `#` stays its own. */
function over<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name) as unknown
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Its own encoding goes first, as one byte. */
function theirs({ encoding, bytes }: Update): Update {
  const disguise = new Uint8Array(bytes.length + 1)
  disguise[0] = encodings.indexOf(encoding)
  disguise.set(bytes, 1)
  return { encoding: 'other', bytes: disguise }
}

function ours({ encoding, bytes }: Update): Update {
  const inner = encodings[bytes[0] ?? encodings.length]
  if (encoding !== 'other' || inner === undefined || inner === 'other')
    throw new RejoinError('undecodable', `${encoding} is not of this engine.`)
  return { encoding: inner, bytes: bytes.subarray(1) }
}

const perhaps = (update: Update | undefined): Update | undefined => update && theirs(update)
