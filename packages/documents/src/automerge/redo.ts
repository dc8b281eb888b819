import type { Change, Heir } from '../engine.ts'
import type { AutomergeRegisters } from './registers.ts'
import type { State } from './state.ts'

/** Makes changes again, in the open transaction. Undefined, and nothing is changed, if they do not stand alone. */
export function redo(
  state: State,
  _registers: AutomergeRegisters,
  changes: readonly Change[],
): readonly Heir[] | undefined {
  return planRedo(state, changes)
}

export function planRedo(_state: State, _changes: readonly Change[]): readonly Heir[] | undefined {
  return undefined
}
