import { hasNumber, noIntervals, addRun } from '@rejoin/base'
import type { Intervals } from '@rejoin/base'
import { decodeServerFrame, encodeClientFrame } from '@rejoin/protocol'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createServer } from '../server.ts'
import { address, declareWriter, documents, entry, hello, push, space } from '../testing/peer.ts'
import { plainToken, plainTokens } from '../testing/plain-tokens.ts'
import { writerOf } from '../testing/samples.ts'
import { theSpace } from '../testing/scene.ts'
import { sqlite } from './sqlite/index.ts'

const kills = 3
const target = fileURLToPath(new URL('../testing/kill-target.ts', import.meta.url))
const token = plainToken({ user: 'ada', tenant: 'acme', spaces: { '*': 'editor' }, expiresMs: Date.UTC(2100, 0, 1) })

interface Life {
  readonly process: ChildProcess
  readonly url: string
}

function start(folder: string): Promise<Life> {
  const process = spawn(globalThis.process.execPath, [target, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    process.stdout?.once('data', (data: Buffer) => resolve({ process, url: data.toString().trim() }))
    process.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}

/** Pushes under one writer until so many acks came, then kills. Returns what was acked; the rest was under way. */
async function pushAndKill({ process, url }: Life, round: number, acksWanted: number): Promise<Intervals> {
  const socket = new WebSocket(url)
  let acked: Intervals = noIntervals
  let n = 0
  const more = (): void => {
    for (let i = 0; i < 20; i++) socket.send(encodeClientFrame(push(entry(++n, `entry ${n}`, { document: n % 3 }))))
  }
  return new Promise((resolve) => {
    socket.on('open', () => {
      const frames = [hello({ device: writerOf(round) as never }, token), space('s'), declareWriter(writerOf(round))]
      for (const frame of [...frames, documents(address('a'), address('b'), address('c'))])
        socket.send(encodeClientFrame(frame))
      for (let i = 0; i < 10; i++) more()
    })
    socket.on('message', (data: Buffer) => {
      const frame = decodeServerFrame(data)
      if (!frame.ok || frame.value.kind !== 'acks') return
      for (let i = 0; i < frame.value.intervals.length; i += 2)
        acked = addRun(acked, frame.value.intervals[i] ?? 0, frame.value.intervals[i + 1] ?? 0)
      if ((acked[1] ?? 0) >= acksWanted) process.kill('SIGKILL')
      else more()
    })
    // The connection breaks off with the server.
    socket.on('error', () => undefined)
    process.removeAllListeners('exit')
    process.once('exit', () => {
      socket.close()
      resolve(acked)
    })
  })
}

test('[SE145] a server that is killed under load has every acked entry once, and nothing of half a commit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-kill-'))
  try {
    const acked: Intervals[] = []
    for (let round = 1; round <= kills; round++) acked.push(await pushAndKill(await start(folder), round, 150 * round))
    await using server = await createServer({ store: sqlite(folder), authenticate: plainTokens })
    const accepted = await server.accepted(theSpace)
    const seen = new Set<string>()
    let last = 0
    for await (const { seq, writer, n } of server.entries(theSpace)) {
      expect(seq).toBeGreaterThan(last)
      expect(seen.has(`${writer}/${n}`)).toBe(false)
      seen.add(`${writer}/${n}`)
      last = seq
    }
    let count = 0
    for (const [i, set] of acked.entries()) {
      const stored = accepted.get(writerOf(i + 1)) ?? noIntervals
      expect(set[1] ?? 0).toBeGreaterThanOrEqual(150 * (i + 1))
      for (let n = 1; n <= (set[1] ?? 0); n++)
        expect(hasNumber(stored, n) && seen.has(`${writerOf(i + 1)}/${n}`)).toBe(true)
      count += stored[1] ?? 0
    }
    expect(seen.size).toBe(count)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
