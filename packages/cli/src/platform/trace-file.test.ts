import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { Failure } from '../failure.ts'
import { readConcurrentTrace, readTrace, shippedTraces } from './trace-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'rejoin-traces-'))
afterAll(() => rmSync(folder, { recursive: true }))

const json = JSON.stringify({ startContent: '', endContent: 'hé', txns: [{ patches: [[0, 0, 'hé']] }] })
const packed = gzipSync(json)

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('trace files', () => {
  test('[RE5] a file is read the same, gzipped or not', () => {
    const plain = readTrace(file('plain.json', json))
    expect(plain).toMatchObject({ name: 'plain', endContent: 'hé' })
    expect({ ...readTrace(file('packed.json.gz', packed)), name: 'plain' }).toEqual(plain)
    expect({ ...readTrace(file('bom', `\ufeff${json}`)), name: 'plain' }).toEqual(plain)
  })

  test('[RE5] the shipped traces are found by name', () => {
    expect(shippedTraces()).toEqual([
      'automerge-paper',
      'friendsforever-concurrent',
      'friendsforever_flat',
      'json-crdt-patch',
      'sveltecomponent',
    ])
  })

  test.each([
    ['automerge-paper', 259_778, 104_852],
    ['friendsforever_flat', 26_078, 21_362],
    ['json-crdt-patch', 18_639, 49_302],
    ['sveltecomponent', 18_335, 18_451],
  ])('[RE5] %s replays to its end', (name, transactions, characters) => {
    const trace = readTrace(name)
    expect(trace.transactions).toHaveLength(transactions)
    expect(trace.endContent).toHaveLength(characters)
  })

  test('[RE5] of two authors who write at once there is one, with the end of its flattened form', () => {
    const trace = readConcurrentTrace('friendsforever-concurrent')
    expect(trace).toMatchObject({ name: 'friendsforever-concurrent', authors: 2 })
    expect(trace.transactions).toHaveLength(26_078)
    expect(trace.endContent).toBe(readTrace('friendsforever_flat').endContent)
  })

  const damaged = Uint8Array.from(packed, (byte, i) => (i === packed.length - 20 ? byte ^ 0xff : byte))
  test.each([
    [
      'a missing file',
      () => join(folder, 'none.json'),
      /^There is no file .*none\.json, and no shipped trace of that name \(automerge-paper, /,
    ],
    ['a folder', () => folder, /is a folder, not a trace\.$/],
    [
      'a truncated gzip',
      () => file('short.gz', packed.subarray(0, packed.length - 9)),
      /short\.gz is a gzip file that was cut short\.$/,
    ],
    [
      'a gzip header alone',
      () => file('head.gz', packed.subarray(0, 4)),
      /head\.gz is a gzip file that was cut short\.$/,
    ],
    ['a damaged gzip', () => file('bad.gz', damaged), /bad\.gz is a damaged gzip file \(\w+\)\.$/],
    ['an empty file', () => file('empty', ''), /empty is not a trace: it is not JSON\.$/],
    ['another file', () => file('x.json', '{}'), /x\.json is not a trace: /],
  ])('[RE4] %s is refused with one sentence', (_what, path, sentence) => {
    expect(() => readTrace(path())).toThrow(Failure)
    expect(() => readTrace(path())).toThrow(sentence)
  })
})
