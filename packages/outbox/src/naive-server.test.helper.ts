import type { EntryId, SpaceId } from '@rejoin/base'
import { nameOf } from './model.test.helper.ts'
import type { ModelEntry, Reply, Verdict } from './model.test.helper.ts'
import type { Answer } from './types.ts'

/** Known id, `after`, rules, in this order; a group is decided when it is whole. */
export class NaiveServer {
  readonly verdicts: Map<number, Verdict> = new Map()
  readonly accepted: Set<string> = new Set()
  readonly refused: Set<string> = new Set()
  /** How often each row took effect. */
  readonly effects: Map<number, number> = new Map()
  #partial: ModelEntry[] = []

  forgetLink(): void {
    this.#partial = []
  }

  ask(space: SpaceId, ids: readonly EntryId[]): Reply[] {
    return ids.map((id) => ({ id, answer: this.#stored(nameOf(space, id)) ?? { kind: 'unknown' } }))
  }

  push(pushed: ModelEntry): Reply[] {
    const { entry, space } = pushed
    const known = this.#stored(nameOf(space, entry.id))
    if (known !== undefined) return [{ id: entry.id, answer: known }]
    if (entry.groupSize === 1) return this.#decide([pushed])
    const isMember = (it: ModelEntry): boolean =>
      it.space === space && it.entry.id.writer === entry.id.writer && it.entry.group === entry.group
    this.#partial = [...this.#partial.filter((it) => it.entry !== entry), pushed]
    const members = this.#partial.filter(isMember)
    if (members.length < entry.groupSize) return []
    this.#partial = this.#partial.filter((it) => !isMember(it))
    return this.#decide(members)
  }

  #stored(name: string): Answer | undefined {
    if (this.accepted.has(name)) return { kind: 'ack' }
    return this.refused.has(name) ? { kind: 'reject', error: 'rule', message: 'No.' } : undefined
  }

  /** The first obstacle is answered for the member that has it, and for the last one too. */
  #decide(members: readonly ModelEntry[]): Reply[] {
    for (const { entry, space } of members) {
      const obstacle = this.#afterProblem(members, space, entry.after) ?? this.#ruleProblem(entry.rows)
      if (obstacle === undefined) continue
      if (obstacle.kind === 'reject') for (const it of members) this.refused.add(nameOf(space, it.entry.id))
      const last = members.at(-1)?.entry.id ?? entry.id
      return [...new Set([entry.id, last])].map((id) => ({ id, answer: obstacle }))
    }
    for (const { entry, space } of members) {
      this.accepted.add(nameOf(space, entry.id))
      for (const row of entry.rows) this.effects.set(row, (this.effects.get(row) ?? 0) + 1)
    }
    // One ack is enough for a group.
    return members.slice(-1).map(({ entry }) => ({ id: entry.id, answer: { kind: 'ack' } }))
  }

  #afterProblem(members: readonly ModelEntry[], space: SpaceId, after: EntryId | undefined): Answer | undefined {
    if (after === undefined || members.some(({ entry }) => entry.id === after)) return undefined
    const name = nameOf(space, after)
    if (this.accepted.has(name)) return undefined
    if (this.refused.has(name)) return { kind: 'reject', error: 'depends', message: 'What it follows was refused.' }
    return { kind: 'retry', error: 'gap' }
  }

  #ruleProblem(rows: readonly number[]): Answer | undefined {
    for (const row of rows) {
      const verdict = this.verdicts.get(row) ?? 'accept'
      if (verdict === 'refuse') return { kind: 'reject', error: 'rule', message: 'No.' }
      if (verdict === 'accept') continue
      const left = 'flaky' in verdict ? verdict.flaky : verdict.busy
      if (left <= 0) continue
      this.verdicts.set(row, 'flaky' in verdict ? { flaky: left - 1 } : { busy: left - 1 })
      return { kind: 'retry', error: 'flaky' in verdict ? 'checksum' : 'rate-limited', afterMs: 40 }
    }
    return undefined
  }
}
