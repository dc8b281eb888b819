import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Result } from '@rejoin/base'
import { Failure } from '../failure.ts'
import { bounded, parseConcurrent, parseTrace } from '@rejoin/lab/trace'
import type { ConcurrentTrace, Trace } from '@rejoin/lab/trace'

/** The greatest trace that is unpacked, in bytes of JSON. */
export const traceBytesMax: number = 256 * 1024 * 1024

const shippedFolder = fileURLToPath(new URL('../../traces/', import.meta.url))
const shippedSuffix = '.json.gz'

/** The names under which the traces of this package are found. */
export const shippedTraces = (): readonly string[] =>
  readdirSync(shippedFolder)
    .filter((file) => file.endsWith(shippedSuffix))
    .map((file) => file.slice(0, -shippedSuffix.length))
    .sort()

/** A shipped trace by its name, or any file of the sequential format, gzipped or not, ready to be typed. Throws a Failure. */
export const readTrace = (nameOrFile: string): Trace => bounded(parsed(nameOrFile, parseTrace))

/** As `readTrace`, of the concurrent format. */
export const readConcurrentTrace = (nameOrFile: string): ConcurrentTrace => parsed(nameOrFile, parseConcurrent)

/** A trace of either format, as it is. */
export const readAnyTrace = (nameOrFile: string): ConcurrentTrace | Trace =>
  parsed<ConcurrentTrace | Trace>(nameOrFile, (name, json) =>
    isConcurrent(json) ? parseConcurrent(name, json) : parseTrace(name, json),
  )

function isConcurrent(json: string): boolean {
  try {
    return (JSON.parse(json) as { kind?: unknown } | null)?.kind === 'concurrent'
  } catch {
    return false
  }
}

function parsed<T>(nameOrFile: string, parse: (name: string, json: string) => Result<T, string>): T {
  const shipped = shippedTraces().includes(nameOrFile)
  const file = shipped ? `${shippedFolder}${nameOrFile}${shippedSuffix}` : nameOrFile
  const name = shipped ? nameOrFile : basename(nameOrFile).replace(/\.json(\.gz)?$/, '')
  const trace = parse(name, unpack(nameOrFile, read(nameOrFile, file)))
  if (!trace.ok) throw new Failure(`${nameOrFile} ${trace.error}`)
  return trace.value
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT')
      throw new Failure(`There is no file ${name}, and no shipped trace of that name (${shippedTraces().join(', ')}).`)
    if (code === 'EISDIR') throw new Failure(`${name} is a folder, not a trace.`)
    if (code === 'ERR_FS_FILE_TOO_LARGE') throw new Failure(`${name} is too large for a trace.`)
    throw new Failure(`${name} cannot be read (${code ?? 'unknown reason'}).`)
  }
}

function unpack(name: string, bytes: Buffer): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  try {
    return new TextDecoder().decode(packed ? gunzipSync(bytes, { maxOutputLength: traceBytesMax }) : bytes)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new Failure(
        `${name} unpacks to more than ${traceBytesMax / 1024 / 1024} MiB, which is too large for a trace.`,
      )
    if (code === 'Z_BUF_ERROR') throw new Failure(`${name} is a gzip file that was cut short.`)
    throw new Failure(`${name} is a damaged gzip file (${code ?? 'unknown reason'}).`)
  }
}
