import { wordAt } from './bytes.ts'

/** Four tables, one for each byte of a word: Kounavis and Berry, "A Systematic Approach to Building High Performance … CRC Generators" (2005). */
const tables = new Int32Array(4 * 256)
for (let index = 0; index < 256; index++) {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  tables[index] = value
}
for (let index = 256; index < tables.length; index++) {
  const before = tables[index - 256] as number
  tables[index] = (before >>> 8) ^ (tables[before & 0xff] as number)
}

/** CRC-32 as in IEEE 802.3: finds every burst of damage up to 32 bits. Against accidents, not against people. */
export function crc32(bytes: Uint8Array, from = 0): number {
  let sum = -1
  let at = from
  for (const last = bytes.length - 4; at <= last; at += 4) {
    sum ^= wordAt(bytes, at)
    sum =
      lookUp(768 + (sum & 0xff)) ^
      lookUp(512 + ((sum >>> 8) & 0xff)) ^
      lookUp(256 + ((sum >>> 16) & 0xff)) ^
      lookUp(sum >>> 24)
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ lookUp((sum ^ (bytes[at] as number)) & 0xff)
  return ~sum >>> 0
}

const lookUp = (index: number): number => tables[index] as number
