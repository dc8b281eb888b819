import type { Bench } from '../bench.ts'

/** By name, in the order in which they run; loaded only when asked for. */
export const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  squash: async () => (await import('./squash.ts')).squash,
  store: async () => (await import('./store.ts')).store,
  codec: async () => (await import('./codec.ts')).codec,
  text: async () => (await import('./text.ts')).text,
  merge: async () => (await import('./merge.ts')).merge,
  bytes: async () => (await import('./bytes.ts')).bytes,
  documents: async () => (await import('./documents.ts')).documents,
  small: async () => (await import('./small.ts')).small,
  engines: async () => (await import('./engines.ts')).engines,
  author: async () => (await import('./author.ts')).author,
  join: async () => (await import('./join.ts')).join,
  memory: async () => (await import('./memory.ts')).memory,
}
