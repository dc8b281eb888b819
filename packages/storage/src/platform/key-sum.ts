import { crc32 } from 'node:zlib'

/** The checksum of a key, kept in its row. */
export const keySum = (key: string): number => crc32(key)
