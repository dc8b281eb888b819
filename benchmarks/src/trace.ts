import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Result } from '@rejoin/base'
import { bounded, firstOf, parseConcurrent, parseTrace } from '@rejoin/lab/trace'
import type { ConcurrentTrace, Trace } from '@rejoin/lab/trace'

const shipped = resolve(import.meta.dirname, '../../packages/cli/traces')

/** The file of a session that comes with Rejoin. */
export const shippedTrace = (name: string): string => resolve(shipped, `${name}.json.gz`)

/** The first transactions of a file in the sequential format of editing traces, gzipped or not, from an empty text. */
export function readTrace(file: string, first: number = Number.POSITIVE_INFINITY): Trace {
  const trace = parsed(file, parseTrace)
  const opened = trace.startContent === '' ? [] : ([[[0, 0, trace.startContent]]] as const)
  const whole = { ...trace, startContent: '', transactions: [...opened, ...trace.transactions] }
  return firstOf(bounded(whole), first)
}

/** A file in the concurrent format. */
export const readConcurrent = (file: string): ConcurrentTrace => parsed(file, parseConcurrent)

function parsed<T>(file: string, parse: (name: string, json: string) => Result<T, string>): T {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')
  const trace = parse(basename(file).replace(/\.json(\.gz)?$/, ''), text)
  if (!trace.ok) throw new Error(`${file} ${trace.error}`)
  return trace.value
}

/** What the text is after the transactions: plain strings, spliced. */
export function spliced({ transactions }: Pick<Trace, 'transactions'>): string {
  let text = ''
  for (const patches of transactions)
    for (const [position, deleted, inserted] of patches)
      text = text.slice(0, position) + inserted + text.slice(position + deleted)
  return text
}
