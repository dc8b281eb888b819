/** The same sums as base's, many times faster: a world computes thousands. */
export { crc32 } from 'node:zlib'
