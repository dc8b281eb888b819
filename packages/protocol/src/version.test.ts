import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorKinds, toHex } from '@rejoin/base'
import { clientSamples, serverSamples } from './frames.test.samples.ts'
import {
  closeCodeOf,
  decodeClientFrame,
  decodeServerFrame,
  defaultLimits,
  encodeClientFrame,
  encodeServerFrame,
  limitNames,
  protocolVersion,
} from './index.ts'
import { sha256 } from './sha256.ts'
import { clientShapes, layouts, serverShapes } from './shapes.ts'

/** SHA-256 over all layouts, for each version that was ever released. A change of bytes needs a new line here. */
const pinned: Readonly<Record<number, string>> = {
  1: 'bf2e14df163aa9997d8494c03a2cbbea95195e2690f3c2239c5eb0745f3a0f27',
}

test('[PR9] a change of any layout raises the protocol version', () => {
  expect(toHex(sha256(new TextEncoder().encode(layouts)))).toBe(pinned[protocolVersion])
})

test('[PR9] the bytes of every kind of frame are the golden ones of this version', async () => {
  const golden = {
    client: Object.fromEntries(
      Object.entries(clientSamples).map(([name, frame]) => [name, toHex(encodeClientFrame(frame))]),
    ),
    server: Object.fromEntries(
      Object.entries(serverSamples).map(([name, frame]) => [name, toHex(encodeServerFrame(frame))]),
    ),
  }
  await expect(`${JSON.stringify(golden, undefined, 2)}\n`).toMatchFileSnapshot(`../golden/v${protocolVersion}.json`)
})

test('[PR9] every kind has a sample, and decodes to what was encoded', () => {
  expect(new Set(Object.values(clientSamples).map(({ kind }) => kind))).toEqual(new Set(Object.keys(clientShapes)))
  expect(new Set(Object.values(serverSamples).map(({ kind }) => kind))).toEqual(new Set(Object.keys(serverShapes)))
  for (const frame of Object.values(clientSamples))
    expect(decodeClientFrame(encodeClientFrame(frame))).toEqual({ ok: true, value: frame })
  for (const frame of Object.values(serverSamples))
    expect(decodeServerFrame(encodeServerFrame(frame))).toEqual({ ok: true, value: frame })
})

test('[PR4] no type byte serves two frames, in neither direction', () => {
  const types = [...Object.values(clientShapes), ...Object.values(serverShapes)].map(({ type }) => type)
  expect(new Set(types).size).toBe(types.length)
})

test('[PR9] the document names every frame, limit and error with its number', () => {
  const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8')
  const rows = [
    ...[...Object.entries(clientShapes), ...Object.entries(serverShapes)].map(
      ([kind, { type }]) => `| ${type} | \`${kind}\` |`,
    ),
    ...limitNames.map((name) => `| \`${name}\` | ${defaultLimits[name]} |`),
    ...errorKinds.map((kind) => `| ${closeCodeOf(kind)} | \`${kind}\` |`),
  ]
  expect(rows.filter((row) => !spec.includes(row))).toEqual([])
})
