import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter, BytesError } from './bytes.ts'
import { crc32 } from './crc32.ts'

const part = fc.oneof(
  fc.nat(255).map((value) => ({ kind: 'byte' as const, value })),
  fc.maxSafeNat().map((value) => ({ kind: 'number' as const, value })),
  fc.nat(0xffffffff).map((value) => ({ kind: 'fixed32' as const, value })),
  fc.uint8Array().map((value) => ({ kind: 'bytes' as const, value })),
  fc
    .string({ unit: 'grapheme' })
    .filter((text) => text.isWellFormed())
    .map((value) => ({ kind: 'text' as const, value })),
)

test('[BA7] what was written is read back', () => {
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const writer = new ByteWriter(1)
      for (const { kind, value } of parts) (writer[kind] as (value: unknown) => unknown).call(writer, value)
      const reader = new ByteReader(writer.finish())
      for (const { kind, value } of parts) expect(reader[kind]()).toEqual(value)
      reader.end()
    }),
  )
})

test('[BA8] any bytes end with values or with one kind of error', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.constantFrom('byte', 'number', 'fixed32', 'bytes', 'text', 'end'), { maxLength: 12 }),
      (bytes, calls) => {
        // A slice of a larger buffer: nothing beside it may be seen.
        const padded = new Uint8Array(bytes.length + 64).fill(0x41)
        padded.set(bytes, 32)
        const reader = new ByteReader(padded.subarray(32, 32 + bytes.length))
        try {
          for (const call of calls) {
            const value = reader[call as 'bytes']()
            if (value instanceof Uint8Array) expect(value.length).toBeLessThanOrEqual(bytes.length)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(BytesError)
        }
      },
    ),
  )
})

test.each([
  ['a number in a longer form', [0x80, 0x00]],
  ['a number over 2^53 - 1', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10]],
  ['a number without an end', [0x80, 0x80]],
])('[BA8] %s is refused', (_, bytes) => {
  expect(() => new ByteReader(Uint8Array.from(bytes)).number()).toThrow(BytesError)
})

test('[BA9] crc32 agrees with zlib and finds every flipped bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
      const sum = crc32(bytes)
      expect(sum).toBe(zlibCrc32(bytes))
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(crc32(flipped)).not.toBe(sum)
      }
    }),
  )
})
