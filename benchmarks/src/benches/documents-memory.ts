import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import type { Case, Contestant } from '../bench.ts'
import type { Cycles, Memory } from '../hydrating-process.ts'

const mb = 2 ** 20

/** Memory of a process of its own: documents loaded, read and let go, twice. */
export const hydrating = (documents: number): Case => ({
  name: `hydrate ${documents} documents and let go, twice`,
  count: 2 * documents,
  unit: 'documents',
  once: true,
  contestants: [
    cycling('bare Y.Map', 'peer', 'bare', documents),
    {
      ...cycling('entity', 'subject', 'entity', documents),
      marks: [{ figure: '2nd ÷ 1st', atLeast: 0.95, atMost: 1.05 }],
    },
  ],
})

function cycling(name: string, role: Contestant['role'], subject: string, documents: number): Contestant {
  return {
    name,
    role,
    run: () => cyclesOf(subject, documents),
    verify(result) {
      const { read, before, held } = result as Cycles
      assert.equal(read, 2 * documents)
      // Or else there was nothing to let go.
      for (const memory of held) assert.ok(usedBytes(memory) - usedBytes(before) > 1000 * documents)
    },
    figures(result) {
      const { before, held, after } = result as Cycles
      const [first = before, second = before] = after
      return {
        'KB a document held': (usedBytes(held[1] ?? before) - usedBytes(after[0] ?? before)) / 1024 / documents,
        'MB before': usedBytes(before) / mb,
        'MB after the 1st': usedBytes(first) / mb,
        'MB after the 2nd': usedBytes(second) / mb,
        '2nd ÷ 1st': usedBytes(second) / usedBytes(first),
        'MB RSS after the 1st': first.rss / mb,
        'MB RSS after the 2nd': second.rss / mb,
      }
    },
  }
}

const usedBytes = ({ heapUsed, external }: Memory): number => heapUsed + external

export async function cyclesOf(subject: string, documents: number): Promise<Cycles> {
  const execArgv = [...process.execArgv, '--expose-gc']
  const child = fork(join(import.meta.dirname, '../hydrating-process.ts'), [subject, String(documents)], { execArgv })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process ended without a measurement')))
  const [cycles] = (await Promise.race([once(child, 'message'), ended])) as [Cycles]
  ended.catch(() => undefined)
  return cycles
}
