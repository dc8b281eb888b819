import { err, invariant, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Batch, Row, Scan, Store, StoreCall, StoreFailure, StoreFailureKind } from '../store.ts'

export interface FailurePlan {
  /** The first call to fail, counted from 1 over the calls that `only` names. */
  readonly nth: number
  /** How many of these calls fail from there on: 1 if left out, `Infinity` for a device that is gone. */
  readonly times?: number
  /** Which calls are counted and fail; all if left out. */
  readonly only?: readonly StoreCall[]
  /** `storage-unavailable` if left out. */
  readonly kind?: Exclude<StoreFailureKind, 'conflict'>
}

export interface FailingStore extends Store {
  /** Calls made so far that the plan counts. */
  readonly counted: number
  /** Calls that failed by plan so far: a test that found 0 here tested nothing. */
  readonly failed: number
  /** From now on nothing fails by plan. */
  repair(): void
}

/** `store`, but the calls that the plan names fail without reaching it. */
export function failingStore(store: Store, plan: FailurePlan): FailingStore {
  invariant(plan.nth >= 1, `calls are counted from 1, not ${plan.nth}`)
  return new PlannedStore(store, plan)
}

/**
 * Runs a scenario again and again, on new stores: first its first call fails, then its second, and so on, until a run
 * has no call left to fail. Returns how many calls failed in all, for the test to compare.
 */
export async function failEachCall(
  scenario: (plan: FailurePlan) => Promise<Pick<FailingStore, 'failed'>>,
  plan: Omit<FailurePlan, 'nth'> = {},
): Promise<number> {
  for (let nth = 1; ; nth++) {
    const { failed } = await scenario({ ...plan, nth })
    if (failed === 0) return nth - 1
  }
}

class PlannedStore implements FailingStore {
  readonly #store: Store
  readonly #plan: FailurePlan
  #counted = 0
  #failed = 0
  #repaired = false

  constructor(store: Store, plan: FailurePlan) {
    this.#store = store
    this.#plan = plan
  }

  get durability(): Store['durability'] {
    return this.#store.durability
  }

  get counted(): number {
    return this.#counted
  }

  get failed(): number {
    return this.#failed
  }

  repair(): void {
    this.#repaired = true
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    this.#throwIfPlanned('get')
    return this.#store.get(keys)
  }

  async scan(scan: Scan): Promise<readonly Row[]> {
    this.#throwIfPlanned('scan')
    return this.#store.scan(scan)
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    const failure = this.#planned('commit')
    return failure === undefined ? this.#store.commit(batch) : err(failure)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #throwIfPlanned(call: StoreCall): void {
    const failure = this.#planned(call)
    if (failure !== undefined) throw new RejoinError(failure.kind, failure.message)
  }

  #planned(call: StoreCall): (StoreFailure & { readonly kind: Exclude<StoreFailureKind, 'conflict'> }) | undefined {
    const { nth, times = 1, only, kind = 'storage-unavailable' } = this.#plan
    if (only !== undefined && !only.includes(call)) return undefined
    this.#counted++
    if (this.#repaired || this.#counted < nth || this.#counted >= nth + times) return undefined
    this.#failed++
    return { kind, message: `Call ${this.#counted} (${call}) fails by plan.` }
  }
}
