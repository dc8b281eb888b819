import type { Encoding } from '@rejoin/base'

export interface Payload {
  readonly encoding: Encoding
  readonly bytes: Uint8Array
}

/** Stands in everything that a hostile user writes, so that it can be found where it must not be. */
export const brand = 'mallory-was-here'

const brandBytes = new TextEncoder().encode(brand)

/** Whether the bytes hold the brand. */
export function holdsBrand(bytes: Uint8Array): boolean {
  for (let i = bytes.indexOf(brandBytes[0] ?? 0); i >= 0; i = bytes.indexOf(brandBytes[0] ?? 0, i + 1))
    if (brandBytes.every((byte, j) => bytes[i + j] === byte)) return true
  return false
}
