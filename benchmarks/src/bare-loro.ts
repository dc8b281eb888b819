import type { Patch, Trace } from '@rejoin/lab/trace'
import { LoroDoc } from 'loro-crdt'
import type { LoroMap, LoroText } from 'loro-crdt'
import { clientId } from './e8.ts'
import type { Task, TaskEdit } from './e8.ts'

/**
 * What an app on Loro alone would have: each change committed, and the bytes of it as Loro hands them to whoever sends
 * them. As it comes, but for the peer id, so that two runs give the same bytes; it has 64 bits, as those that Loro draws.
 */
export interface BareLoro {
  readonly doc: LoroDoc
  readonly updates: Uint8Array[]
  /** Without it the memory in the wasm is held until the collector has found every handle. */
  dispose(): void
}

export function openLoro(author = 0): BareLoro {
  const doc = new LoroDoc()
  doc.setPeerId((BigInt(clientId) << 32n) + BigInt(author))
  const updates: Uint8Array[] = []
  const stop = doc.subscribeLocalUpdates((update) => void updates.push(update))
  return {
    doc,
    updates,
    dispose() {
      stop()
      doc.free()
    },
  }
}

export function typeLoro({ transactions }: Pick<Trace, 'transactions'>): BareLoro {
  const bare = openLoro()
  for (const patches of transactions) patchLoro(bare, patches)
  return bare
}

/** Positions are in UTF-16 units, as ours are. */
export function patchLoro({ doc }: Pick<BareLoro, 'doc'>, patches: readonly Patch[]): void {
  withText(doc, (text) => {
    for (const [position, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(position, deleted)
      if (inserted !== '') text.insert(position, inserted)
    }
  })
  doc.commit()
}

export const loroText = (doc: LoroDoc): string => withText(doc, (text) => text.toString())

export function createLoroTask(task: Task): BareLoro {
  const bare = openLoro()
  editLoroTask(bare, Object.entries(task) as [keyof Task, string][])
  return bare
}

export function editLoroTask({ doc }: Pick<BareLoro, 'doc'>, edit: TaskEdit): void {
  withTask(doc, (map) => {
    for (const [field, value] of edit) map.set(field, value)
  })
  doc.commit()
}

export const readLoroTask = (doc: LoroDoc): Task => withTask(doc, (map) => map.toJSON() as Task)

/** A document with everything in the bytes. */
export function loadLoro(bytes: Uint8Array): LoroDoc {
  const doc = new LoroDoc()
  doc.import(bytes)
  return doc
}

const withText = <T>(doc: LoroDoc, use: (text: LoroText) => T): T => using(doc.getText('body'), use)
const withTask = <T>(doc: LoroDoc, use: (map: LoroMap) => T): T => using(doc.getMap('task'), use)

function using<Handle extends { free(): void }, T>(handle: Handle, use: (handle: Handle) => T): T {
  try {
    return use(handle)
  } finally {
    handle.free()
  }
}
