import { readFileSync } from 'node:fs'
import type { Engine } from '@rejoin/documents'

/** A reader in a process of its own: what taking in a file of updates takes at most. */
export interface Peak {
  readonly text: string
  /** Of resident memory, above what the process had with the library and the updates in it, in bytes. */
  readonly bytes: number
}

/** Takes in all at once, and reads. */
type Merging = (updates: readonly Uint8Array[]) => string

/** Others are not loaded by the process of one. */
const libraries: Readonly<Record<string, () => Promise<Merging>>> = {
  async yjs() {
    const Y = await import('yjs')
    return (updates) => {
      const doc = new Y.Doc({ guid: 'merged' })
      doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)))
      return doc.getText('t').toJSON()
    }
  },
  async ours() {
    const { yjs } = await import('@rejoin/documents/yjs')
    return (updates) => readOn(yjs, updates)
  },
  async loro() {
    const { LoroDoc } = await import('loro-crdt')
    const { loroText } = await import('./bare-loro.ts')
    return (updates) => {
      const doc = new LoroDoc()
      doc.importBatch([...updates])
      return loroText(doc)
    }
  },
}

function readOn(engine: Engine, updates: readonly Uint8Array[]): string {
  const document = engine.create()
  document.apply(updates.map((bytes) => ({ encoding: 'yjs-1', bytes })))
  return document.text.read()
}

const [, , name = '', file = ''] = process.argv
const open = libraries[name]
if (open === undefined) throw new Error(`There is nothing called ${name} to merge with.`)
const merging = await open()
const updates = updatesIn(readFileSync(file))
// Code that runs for the first time takes memory too.
merging(updates.slice(0, 100))
globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
const before = process.memoryUsage().rss
const text = merging(updates)
process.send?.({ text, bytes: process.resourceUsage().maxRSS * 1024 - before } satisfies Peak)
process.disconnect?.()

/** Each behind its length in four bytes. */
function updatesIn(bytes: Buffer): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at)
    found.push(bytes.subarray(at + 4, end))
    at = end
  }
  return found
}
