import type { Shape, Value } from '../fields/shape.ts'
import { emptyOf } from '../fields/whole.ts'
import type { Edit } from '../ledger/edit.ts'
import type { Workload } from '../workloads/workload.ts'
import type { World } from '../world/world.ts'
import { actsOf } from './act.ts'
import { judgeDeletion } from './deletion.ts'
import type { FieldEnd } from './field-end.ts'
import { interleaving } from './interleaving.ts'
import type { Judgement } from './judgement.ts'
import { isSequence, sequenceEnd } from './sequence.ts'
import type { SequenceEnd } from './sequence.ts'
import { judges } from './table.ts'
import { sumOf } from './tally.ts'
import type { Tally } from './tally.ts'

/** How it ended with one entity. */
export interface EntityEnd {
  readonly shape: Shape
  /** All edits of it, in the order of true time. */
  readonly edits: readonly Edit[]
  readonly isShown: boolean
  /** What is shown of each field; several versions where they are in conflict. */
  readonly versions: Readonly<Record<string, readonly Value[]>>
}

/** By what the first device shows; that all show the same is another question. */
export function judge(world: World, workload: Workload): Judgement {
  const { devices, ledger, models } = world
  const [first] = devices
  const entities = [...models].map(([id, { shape }]) => {
    const held = first?.held(id)
    const isShown = held?.shown !== undefined
    return judgeEntity({ shape, edits: ledger.of(id), isShown, versions: held?.versions ?? {} })
  })
  return { ...together(entities), invariants: brokenIn(world, workload) }
}

/** What became of what was done to one entity, and how its texts and orders ended. */
export interface EntityJudgement {
  readonly tally: Tally
  readonly sequences: readonly SequenceEnd[]
}

export function judgeEntity({ shape, edits, isShown, versions }: EntityEnd): EntityJudgement {
  const acts = actsOf(edits)
  const deleted = judgeDeletion(acts, isShown)
  if (deleted !== undefined) return { tally: deleted, sequences: [] }
  const byField = Map.groupBy(acts, ({ deed }) => (deed.do === 'delete' ? '' : deed.field))
  const fields = Object.entries(shape).map(([field, shape]): FieldEnd => {
    const shown = versions[field] ?? [undefined]
    const acts = byField.get(field) ?? []
    return { shape, acts, versions: shown.map((version) => version ?? emptyOf(shape.kind)) }
  })
  return {
    tally: sumOf(fields.map((end) => judges[end.shape.kind](end))),
    sequences: fields.filter(isSequence).map(sequenceEnd),
  }
}

/** One figure of each kind for all of them. */
export function together(entities: readonly EntityJudgement[]): Omit<Judgement, 'invariants'> {
  const sequences = entities.flatMap((entity) => entity.sequences)
  const places = sequences.flatMap((sequence) => sequence.places)
  const length = sequences.reduce((sum, sequence) => sum + sequence.length, 0)
  return {
    ...sumOf(entities.map(({ tally }) => tally)),
    distance: length === 0 ? null : sequences.reduce((sum, sequence) => sum + sequence.distance, 0) / length,
    interleaving: places.length === 0 ? null : interleaving(places),
  }
}

function brokenIn({ devices, ledger, models, observed }: World, { invariants }: Workload): Record<string, number> {
  const broken: Record<string, number> = {}
  for (const { name, of, broken: count } of invariants) {
    broken[name] = 0
    for (const [id] of models) {
      if (!id.startsWith(`${of}-`)) continue
      const held = devices[0]?.held(id)
      const changes = observed.changesOf(id)
      broken[name] += count({ entity: id, shown: held?.shown, versions: held?.versions ?? {}, ledger, changes })
    }
  }
  return broken
}
