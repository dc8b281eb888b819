import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** One transaction of a recorded session: at a position, how much to delete and what to insert. */
export type Patch = readonly [position: number, deleted: number, inserted: string]

export interface Trace {
  readonly transactions: readonly (readonly Patch[])[]
}

/** The first transactions of a file in the sequential format of editing traces, gzipped or not. */
export function readTrace(file: string, first: number = Number.POSITIVE_INFINITY): Trace {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')
  const { txns } = JSON.parse(text) as { readonly txns: readonly { readonly patches: readonly Patch[] }[] }
  return { transactions: txns.slice(0, first).map(({ patches }) => patches) }
}

/** What the text is after the transactions: plain strings, spliced. */
export function spliced({ transactions }: Trace): string {
  let text = ''
  for (const patches of transactions)
    for (const [position, deleted, inserted] of patches)
      text = text.slice(0, position) + inserted + text.slice(position + deleted)
  return text
}
