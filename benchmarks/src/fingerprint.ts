import { closeSync, fdatasyncSync, openSync, readFileSync, statfsSync, writeSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { quantile } from './statistics.ts'
import { readTrace, spliced } from './trace.ts'

/** What a reader needs in order to carry a figure to another machine. */
export interface Fingerprint {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  readonly node: string
  readonly yjs: string
  readonly automerge: string
  readonly loro: string
  /** The number that names the kind of file system (statfs): 0xef53 is ext4, 0x1021994 is in memory only. */
  readonly fileSystem: string
  /** Appending 64 bytes and having them on the disk, half of the times within this. */
  readonly fdatasyncP50Us: number
  /** 64 bytes to a socket of this machine and back. */
  readonly loopbackEchoP50Us: number
  /** Transactions a second of the trace, applied to one plain JavaScript string. */
  readonly stringSplicesPerSecond: number
}

export async function fingerprint(folder: string, traceFile: string): Promise<Fingerprint> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    yjs: versionAt('../package.json', 'yjs'),
    automerge: versionAt('../../../package.json', '@automerge/automerge/slim'),
    loro: versionAt('../package.json', 'loro-crdt'),
    fileSystem: `0x${statfsSync(folder).type.toString(16)}`,
    fdatasyncP50Us: Math.round(1000 * fdatasyncP50Ms(join(folder, 'fdatasync'))),
    loopbackEchoP50Us: Math.round(1000 * (await loopbackEchoP50Ms())),
    stringSplicesPerSecond: Math.round(stringSplicesPerSecond(traceFile)),
  }
}

/** From where the package is, as it does not export the file. */
function versionAt(path: string, entry: string): string {
  const file = new URL(path, import.meta.resolve(entry))
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}

function fdatasyncP50Ms(file: string): number {
  const descriptor = openSync(file, 'w')
  try {
    const bytes = Buffer.alloc(64)
    return medianMs(200, () => {
      writeSync(descriptor, bytes)
      fdatasyncSync(descriptor)
    })
  } finally {
    closeSync(descriptor)
  }
}

function medianMs(times: number, run: () => void): number {
  const laps = Array.from({ length: times }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return quantile(laps, 0.5)
}

async function loopbackEchoP50Ms(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => socket.pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const laps: number[] = []
  for (let i = 0; i < 500; i++) laps.push(await echoMs(socket))
  socket.destroy()
  server.close()
  return quantile(laps, 0.5)
}

function echoMs(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    socket.once('error', reject)
    socket.once('data', () => {
      socket.off('error', reject)
      resolve(performance.now() - start)
    })
    socket.write(Buffer.alloc(64))
  })
}

function stringSplicesPerSecond(traceFile: string): number {
  const trace = readTrace(traceFile, 20_000)
  const ms = medianMs(5, () => void spliced(trace))
  return (1000 * trace.transactions.length) / ms
}
