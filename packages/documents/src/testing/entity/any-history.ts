import fc from 'fast-check'
import { lifeVerbs, orders } from './history.ts'
import type { Action, Command, History } from './history.ts'
import type { Scope, ScopedField } from './scope.ts'

const replica = fc.nat(4)
const share = fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 100 }))
/** Small numbers often, so that replicas meet at the same places. */
const place = fc.oneof(fc.nat(3), fc.nat(99))
/** Beyond five minutes a stamp is not adopted by others, so that what saw it can have a lower one. */
const wrongBy = fc.constantFrom(0, 0, 3, -40, 2_000, -2_000, 700_000, -700_000)
const clocks = fc.oneof(
  { weight: 1, arbitrary: fc.array(wrongBy, { minLength: 2, maxLength: 2 }) },
  { weight: 9, arbitrary: fc.array(wrongBy, { minLength: 3, maxLength: 5 }) },
)

/** Histories in the fields of a scope. */
export function anyHistory(scope: Scope): fc.Arbitrary<History> {
  const fields = [...scope.fields.values()]
  const isServers = ({ writer }: ScopedField): boolean => writer === 'server'
  const edits = [
    ...editsOf(
      fields.filter((field) => !isServers(field)),
      'user',
      10,
    ),
    ...editsOf(fields.filter(isServers), 'server', 2),
  ]
  const pull = fc.record({
    replica,
    kind: fc.constant('pull' as const),
    order: fc.constantFrom(...orders.filter((order) => scope.disorderly || order !== 'any')),
    share,
  })
  const plain = (kind: 'save' | 'hydrate'): fc.Arbitrary<Action> => fc.record({ replica, kind: fc.constant(kind) })
  const arbitraries: fc.WeightedArbitrary<Action>[] = [
    ...edits,
    { weight: 6, arbitrary: pull },
    { weight: 1, arbitrary: fc.oneof(plain('save'), plain('hydrate')) },
    {
      weight: 1,
      arbitrary: fc.record({
        replica,
        kind: fc.constant('restart' as const),
        losing: fc.oneof(fc.constant(0), fc.nat(9)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ replica, kind: fc.constant('refuse' as const), pick: fc.nat(9) }) },
  ]
  if (scope.lives) arbitraries.push({ weight: 2, arbitrary: lives })
  const actions = fc.array(fc.oneof(...arbitraries), { minLength: 1, maxLength: 90, size: 'max' })
  return fc.record({ clocks, dice: fc.nat(999_999), actions })
}

const lives = fc.record({
  replica,
  kind: fc.constant('live' as const),
  verb: fc.constantFrom(...lifeVerbs.filter((verb) => verb !== 'purge')),
})

function editsOf(
  fields: readonly ScopedField[],
  as: 'user' | 'server',
  weight: number,
): readonly fc.WeightedArbitrary<Action>[] {
  if (fields.length === 0) return []
  const verbs = fields.flatMap(({ name, subject }) => subject.verbs.map((verb) => ({ field: name, verb })))
  const command: fc.Arbitrary<Command> = fc
    .tuple(fc.constantFrom(...verbs), place, place)
    .map(([verb, a, b]) => ({ ...verb, a, b }))
  const arbitrary = fc.record({
    replica,
    kind: fc.constant('edit' as const),
    as: fc.constant(as),
    commands: fc.array(command, { minLength: 1, maxLength: 3 }),
  })
  return [{ weight, arbitrary }]
}
