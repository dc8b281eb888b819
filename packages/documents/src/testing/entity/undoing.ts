import type { Dice } from './dice.ts'
import { equalInTheEnd } from './convergence.ts'
import type { Action } from './history.ts'
import type { Claim } from './law.ts'
import type { Replica } from './replica.ts'
import type { ScopedField } from './scope.ts'
import type { World } from './world.ts'

/** Of each history so many fields are edited once more, to take that back at once. */
const fieldsTaken = 4

type ShownFields = Readonly<Record<string, unknown>>

/** Taking back changes no more than what was done, and taken back at once, all of it. */
export class Undoing implements Claim {
  readonly #shown = new Map<Replica, ShownFields>()

  step(world: World, replica: Replica, { kind }: Action): void {
    const before = this.#shown.get(replica)
    const after = viewOf(replica)
    this.#shown.set(replica, after)
    if ((kind !== 'undo' && kind !== 'redo') || before === undefined || world.taken === undefined) return
    for (const field of world.scope.fields.values()) expectKept(world, field, before, after, kind)
  }

  end(world: World, dice: Dice): void {
    const fields = dice.shuffled([...world.scope.fields.values()]).slice(0, fieldsTaken)
    for (const field of fields) undoAtOnce(world, dice.shuffled(world.replicas)[0], field, dice)
    equalInTheEnd.end(world, dice)
  }
}

const viewOf = ({ entity }: Replica): ShownFields => entity.view()

function expectKept(
  world: World,
  { name, subject }: ScopedField,
  before: ShownFields,
  after: ShownFields,
  how: 'undo' | 'redo',
): void {
  const touches = [...(world.taken?.documents.values() ?? [])]
  const own = touches.flatMap(({ deeds }) => deeds.filter(({ field }) => field === name).map(({ what }) => what))
  const isUntouched = own.length === 0 || subject.stays === true
  if (isUntouched) expectSame(`${how}: ${name}`, after[name], before[name])
  const fault = isUntouched ? undefined : subject.kept?.(before[name], after[name], own, how)
  if (fault !== undefined) throw new Error(`${how}: ${name}: ${fault}`)
}

/** Does something to the field, takes it back, and brings it again. */
function undoAtOnce(
  world: World,
  replica: Replica | undefined,
  { name, subject, writer }: ScopedField,
  dice: Dice,
): void {
  if (replica === undefined) return
  const before = viewOf(replica)[name]
  const verb = subject.verbs[dice.below(subject.verbs.length)] ?? ''
  const commands = [{ field: name, verb, a: dice.below(99), b: dice.below(99) }]
  const at = replica.number
  const done = world.step({ kind: 'edit', replica: at, as: writer === 'server' ? 'server' : 'user', commands })
  // Nothing was done that could be taken back.
  if (done === undefined || world.writes.at(-1)?.changes.length === 0) return
  const between = viewOf(replica)[name]
  world.step({ kind: 'undo', replica: at })
  expectSame(`${verb} of ${name}, undone`, viewOf(replica)[name], subject.stays === true ? between : before)
  world.step({ kind: 'redo', replica: at })
  expectSame(`${verb} of ${name}, redone`, viewOf(replica)[name], between)
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)]
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`)
}
