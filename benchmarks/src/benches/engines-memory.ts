import assert from 'node:assert/strict'
import type { Case, Contestant, Role } from '../bench.ts'
import type { Cycles, Memory } from '../hydrating-process.ts'
import { quantile } from '../statistics.ts'
import { cyclesOf } from './documents-memory.ts'

/** What a small entity holds while it is loaded, in a process of its own; with the memory of the wasm, which Node does not count. */
export const holding = (documents: number): Case => ({
  name: `memory: ${documents} small entities loaded, after 20 edits each`,
  count: 2 * documents,
  unit: 'documents',
  once: true,
  contestants: [
    holdingOn('entity, yjs', 'subject', 'entity', documents),
    holdingOn('entity, automerge', 'subject', 'automerge', documents),
    holdingOn('bare Y.Map', 'limit', 'bare', documents),
    holdingOn('bare Automerge', 'peer', 'bareAutomerge', documents),
    holdingOn('bare Loro', 'peer', 'bareLoro', documents),
  ],
})

function holdingOn(name: string, role: Role, subject: string, documents: number): Contestant {
  return {
    name,
    role,
    run: () => cyclesOf(subject, documents),
    verify: (result) => assert.equal((result as Cycles).read, 2 * documents),
    figures(result) {
      const { before, held, after } = result as Cycles
      const [first = before, second = before] = held
      const each = (bytes: number): number => bytes / 1024 / documents
      // The first cycle also loads code; the memory of the wasm grows in it and is only used again after it.
      const heap = each(heapBytes(second) - heapBytes(after[0] ?? before))
      const wasm = each(first.wasm - before.wasm)
      return {
        'KB each': heap + wasm,
        'KB in JS': heap,
        'KB in the wasm': wasm,
        'MB wasm before': before.wasm / mb,
        'MB wasm after': (after[1] ?? before).wasm / mb,
        'KB each of RSS': each(first.rss - before.rss),
      }
    },
  }
}

const mb = 2 ** 20
const heapBytes = ({ heapUsed, external }: Memory): number => heapUsed + external

/** From the start of a process with Node's modules until the engine can be used, and what it holds then. */
export const starting = (processes: number): Case => ({
  name: 'start: load the library in a fresh process',
  count: processes,
  unit: 'processes',
  once: true,
  contestants: [startingOn('yjs', 'entity', processes), startingOn('automerge', 'automerge', processes)],
})

function startingOn(name: string, subject: string, processes: number): Contestant {
  return {
    name,
    role: 'subject',
    async run() {
      const all: Cycles[] = []
      for (let i = 0; i < processes; i++) all.push(await cyclesOf(subject, 0))
      return all
    },
    verify: (result) => assert.equal((result as readonly Cycles[]).length, processes),
    figures(result) {
      const all = result as readonly Cycles[]
      const cpuMs = all.map(({ openingMs }) => openingMs)
      return {
        'ms CPU to open': quantile(cpuMs, 0.5),
        'ms CPU at least': Math.min(...cpuMs),
        'ms CPU at most': Math.max(...cpuMs),
        'MB wasm': quantile(
          all.map(({ before }) => before.wasm / mb),
          0.5,
        ),
        'MB RSS': quantile(
          all.map(({ before }) => before.rss / mb),
          0.5,
        ),
      }
    },
  }
}
