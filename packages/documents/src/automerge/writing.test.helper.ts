import { openLibrary } from '#automerge'
import type { Change, Engine, EngineDocument, Heir, Json, Update, WriteId } from '../engine.ts'
import { write, writable as writableOf } from '../testing/port/example.ts'
import { readChunks } from './chunks.ts'
import { openAutomerge } from './index.ts'
import { actorOf } from './library.ts'
import type { DecodedChange, Library, PlainOp } from './library.ts'

export const automerge: Engine = await openAutomerge()
export const library: Library = await openLibrary()

export const writable = (client: number, ...known: Update[]): EngineDocument => writableOf(automerge, client, ...known)

export function revert(document: EngineDocument, changes: readonly Change[], stamp = 100): readonly Heir[] {
  let heirs: readonly Heir[] = []
  document.transact(() => (heirs = document.revert(changes, () => stamp)))
  return heirs
}

export function redo(document: EngineDocument, changes: readonly Change[]): readonly Heir[] | undefined {
  let heirs: readonly Heir[] | undefined
  document.transact(() => (heirs = document.redo(changes)))
  return heirs
}

export const typed = (document: EngineDocument, text: string): ReturnType<typeof write> =>
  write(document, () => document.text.insert(document.text.length, text))

export const replaced = (document: EngineDocument, key: string, stamp: number, value: Json): ReturnType<typeof write> =>
  write(document, () => {
    document.registers.remove(key)
    document.registers.append(key, stamp, value)
  })

export const values = (document: EngineDocument, key: string): readonly Json[] =>
  document.registers.survivors(key).map(({ value }) => value)

export const id = (client: number, clock: number): WriteId => ({ client, clock })

/** The changes of Automerge in an update. */
export const decoded = ({ bytes }: Update): readonly DecodedChange[] =>
  readChunks([bytes]).changes.map((change) => library.decodeChange(change))

/** A change as other software may write one, upon those that are given. */
export function foreign(client: number, startOp: number, upon: readonly Update[], ops: readonly PlainOp[]): Update {
  const deps = upon.flatMap((update) => decoded(update).slice(-1)).map(({ hash }) => hash)
  const change = { actor: actorOf(client), seq: 1, startOp, time: 0, message: null, deps, ops }
  return { encoding: 'automerge', bytes: library.encodeChange(change) }
}

export { write } from '../testing/port/example.ts'
