import { keyAfter } from '@rejoin/storage'
import type { Store } from '@rejoin/storage'
import type { KeyRange } from './keys.ts'

const pageRows = 1_000

/** Every key of a range, however large it is. */
export async function* keysIn(store: Store, { from, to }: KeyRange): AsyncGenerator<string> {
  for (let next = from; ;) {
    const page = await store.scan({ from: next, to, limit: pageRows })
    for (const [key] of page) yield key
    const [lastKey] = page.at(-1) ?? []
    if (lastKey === undefined || page.length < pageRows) return
    next = keyAfter(lastKey)
  }
}
