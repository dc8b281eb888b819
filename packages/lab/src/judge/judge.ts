import type { World } from '../world/world.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Judgement } from './judgement.ts'

export function judge({ devices, ledger, models, observed }: World, { invariants }: Workload): Judgement {
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
  return {
    effects: 0,
    lost: 0,
    ghosts: 0,
    doubled: 0,
    overruled: 0,
    invariants: broken,
    distance: null,
    interleaving: null,
  }
}
