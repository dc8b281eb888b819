import { RejoinError } from '@rejoin/base'

/**
 * A property that holds from the moment its engine's memory is lost: what is tried on it then says nothing, so that the
 * case that did it is not shrunk to one that did not.
 */
export function untilLost<Input>(property: (input: Input) => void): (input: Input) => void {
  let isLost = false
  return (input) => {
    if (isLost) return
    try {
      property(input)
    } catch (cause) {
      isLost = cause instanceof RejoinError && cause.kind === 'engine-lost'
      throw cause
    }
  }
}
