import { RejoinError } from '@rejoin/base'

/** Throws `bad-value` unless `count` elements from `index` lie inside `length`. */
export function checkRange(index: number, count: number, length: number): void {
  if (Number.isInteger(index) && Number.isInteger(count) && index >= 0 && count >= 0 && index + count <= length) return
  const what = count === 0 ? `Index ${index} is` : `${count} from index ${index} are`
  throw new RejoinError('bad-value', `${what} outside a length of ${length}.`)
}

/** Throws `bad-value`: half a surrogate pair is no text. */
export function refuseInsidePair(index: number): never {
  throw new RejoinError('bad-value', `Index ${index} lies between the two halves of a surrogate pair.`)
}
