import { clientIdOf } from '@rejoin/documents'
import type { Deed } from '../hands.ts'
import { entryOf, payloadsFor, target, writeOwn } from '../hands.ts'

/** H2: another writer's name on an entry, its CRDT client ids on a declaration, and in content. */
export const forge: Deed = (hands, chance) => {
  const { line, memory } = hands
  const others = [...memory.others].filter(([writer]) => writer !== hands.writer)
  if (line === undefined || others.length === 0) return false
  const { own, seen } = hands.deps.ground
  const [writer, declared] = chance.pick(others)
  const at = target(hands, line, chance)
  const clientIds = [...declared, ...Array.from({ length: 4 }, (_, k) => clientIdOf(writer, k))].slice(0, 256)
  const clientId = chance.pick(clientIds)
  const { text, crowd } = payloadsFor(hands, at)
  const said = text(clientId, 'under another name')
  const n = 1 + chance.below(chance.pick([4, 1000, 2 ** 40]))
  switch (chance.below(4)) {
    case 0:
      // Under the other's name, where it may write itself, and where it may not.
      for (const space of [own, seen]) line.push(line.writer(space, writer), entryOf(n, line.document(at), said))
      return true
    case 1: {
      const claimant = hands.newWriter(chance)
      hands.writes(0, at)
      line.push(line.writer(own, claimant, clientIds), entryOf(1, line.document(at), said))
      return true
    }
    case 2: {
      // Every name that the other could write under.
      const names = Array.from({ length: 4200 }, (_, k) => clientIdOf(writer, k))
      writeOwn(hands, line, at, crowd(names))
      return true
    }
    default:
      writeOwn(hands, line, at, said)
      return true
  }
}
