import { inherit } from '../../history/heirs.ts'
import { isSameDocument } from '../../history/document-changes.ts'
import type { DocumentHeirs } from '../../history/document-changes.ts'
import type { RepeatResult } from '../../entity/entity.ts'
import type { Replica } from './replica.ts'
import type { Touch, Write } from './write.ts'

/**
 * The sets of a replica's writes that can be lost, or refused: a write with all that its replica wrote later in the same
 * documents, if nobody else has seen any of it.
 */
export function lossesOf(
  author: Replica,
  writes: readonly Write[],
  replicas: readonly Replica[],
): readonly Set<Write>[] {
  const own = writes.filter((write) => write.replica === author.number)
  const others = replicas.filter((replica) => replica !== author)
  const isSent = (write: Write): boolean =>
    others.some((other) => [...write.documents.keys()].some((document) => other.hasSeen(write, document)))
  return own.map((_, i) => closureOf(own.slice(i))).filter((closure) => ![...closure].some(isSent))
}

/** The first of one replica's writes and the later ones that share a document with it, or with one of those. */
function closureOf([first, ...later]: readonly Write[]): Set<Write> {
  const closure = new Set<Write>(first === undefined ? [] : [first])
  const documents = new Set(first?.documents.keys())
  for (const write of later) {
    if (![...write.documents.keys()].some((document) => documents.has(document))) continue
    closure.add(write)
    for (const document of write.documents.keys()) documents.add(document)
  }
  return closure
}

/**
 * Makes the lost writes again, but for the first, which was refused: each as far as it stands alone. `made` is told what
 * came of each: the same deeds, by somebody who had seen what the first author had.
 */
export function makeAgain(
  { entity }: Replica,
  [, ...lost]: readonly Write[],
  made: (write: Write, result: RepeatResult, seen: (touch: Touch) => ReadonlySet<Write>) => Write | undefined,
): void {
  const heirs: DocumentHeirs[] = []
  const again = new Map<Write, Write>()
  const dead = new Set(lost)
  for (const write of lost) {
    if (write.changes.length === 0) continue
    const result = entity.redo(
      write.changes.map((edit) => ({
        ...edit,
        changes: heirs
          .filter((each) => isSameDocument(each, edit))
          .reduce((changes, each) => inherit(changes, each.heirs), edit.changes),
      })),
    )
    if ('error' in result) continue
    heirs.push(...result.heirs)
    const seen = (touch: Touch): ReadonlySet<Write> =>
      new Set([...touch.seen].flatMap((one) => (dead.has(one) ? (again.get(one) ?? []) : one)))
    const fresh = made(write, result, seen)
    if (fresh !== undefined) again.set(write, fresh)
  }
}
