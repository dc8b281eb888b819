import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Update } from '@rejoin/documents'
import type { Case, Contestant, Role } from '../bench.ts'
import type { Peak } from '../merging-process.ts'
import type { Orders } from './merge-orders.ts'

const mb = 2 ** 20

/** Each in a process of its own, which has the updates in memory before; all at once. */
export function peaks(orders: Orders<Update>, ofLoro: readonly Uint8Array[], content: string, folder: string): Case {
  const taking = (name: string, role: Role, library: string, updates: readonly Uint8Array[]): Contestant => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.updates`)
    return {
      name,
      role,
      before: () => writeFileSync(file, Buffer.concat(updates.flatMap((update) => [lengthOf(update), update]))),
      run: () => peakOf(library, file),
      verify: (result) => assert.equal((result as Peak).text, content),
      figures: (result) => ({ 'MB at most': (result as Peak).bytes / mb }),
    }
  }
  const bytesIn = (updates: readonly Update[]): readonly Uint8Array[] => updates.map(({ bytes }) => bytes)
  return {
    name: 'peak of resident memory, all at once',
    count: ofLoro.length,
    unit: 'updates',
    once: true,
    contestants: [
      taking('bare Yjs, causal', 'limit', 'yjs', bytesIn(orders.causal)),
      ...Object.entries(orders).map(([order, all]) => taking(order, 'subject', 'ours', bytesIn(all))),
      taking('bare Loro, causal', 'peer', 'loro', ofLoro),
    ],
  }
}

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}

async function peakOf(library: string, file: string): Promise<Peak> {
  const execArgv = [...process.execArgv, '--expose-gc']
  const child = fork(join(import.meta.dirname, '../merging-process.ts'), [library, file], { execArgv })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process ended without a measurement')))
  const [peak] = (await Promise.race([once(child, 'message'), ended])) as [Peak]
  ended.catch(() => undefined)
  return peak
}
