import { deserialize, serialize } from 'node:v8'

/** Plain data, maps and bytes as bytes. The same data gives the same bytes. */
export const encodeStructured = (value: unknown): Uint8Array => serialize(value)

/** What was encoded, not a copy: bytes in it are views into `bytes`. */
export const decodeStructured = (bytes: Uint8Array): unknown => deserialize(bytes)
