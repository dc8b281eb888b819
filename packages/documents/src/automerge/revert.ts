import type { Stamp } from '@rejoin/base'
import type { Change, Heir } from '../engine.ts'
import type { AutomergeRegisters } from './registers.ts'
import type { State } from './state.ts'

/** Takes back what changes did together, as far as nobody has changed it since; in the open transaction. */
export function revert(
  _state: State,
  _registers: AutomergeRegisters,
  _changes: readonly Change[],
  _nextStamp: () => Stamp,
): readonly Heir[] {
  return []
}
