import type { Change } from '../engine.ts'
import { changesOf } from './changes.ts'
import { readSurvivors } from './entries.ts'
import { genesis } from './genesis.ts'
import { operationsOf } from './operations.ts'
import type { State } from './state.ts'
import type { Transaction } from './transaction.ts'

/** What a transaction has done, all of it committed. */
export function changesMade(state: State, { handle, before, made }: Transaction): readonly Change[] {
  const operations = made.flatMap((bytes) => operationsOf(handle.library.decodeChange(bytes)))
  return changesOf(operations, {
    survivors: (key) => readSurvivors(handle.call((raw) => raw.getAll(genesis.registers.object, key, [...before]))),
    past: () => state.past({ before, operations }),
  })
}
