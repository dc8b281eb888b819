import type { RunResult } from '../run.ts'

/** The results, by what was run. */
export class Runs {
  readonly all: readonly RunResult[]
  readonly #ofPolicy: ReadonlyMap<string, readonly RunResult[]>

  /** In the order of their seeds, so that sums do not depend on the order in which they came. */
  constructor(results: readonly RunResult[]) {
    this.all = results.toSorted((a, b) => a.seed - b.seed || compare(nameOf(a), nameOf(b)))
    this.#ofPolicy = Map.groupBy(this.all, ({ policy }) => policy)
  }

  /** Of these policies, workloads and conditions, by name; of all where none are named. */
  of({ policies, workloads, conditions }: Choice): readonly RunResult[] {
    const some = policies === undefined ? this.all : policies.flatMap((policy) => this.#ofPolicy.get(policy) ?? [])
    return some.filter(
      (run) =>
        (workloads === undefined || workloads.includes(run.workload)) &&
        (conditions === undefined || conditions.includes(run.conditions)),
    )
  }
}

export interface Choice {
  readonly policies?: readonly string[] | undefined
  readonly workloads?: readonly string[] | undefined
  readonly conditions?: readonly string[] | undefined
}

const nameOf = ({ policy, workload, conditions }: RunResult): string => JSON.stringify([policy, workload, conditions])

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
