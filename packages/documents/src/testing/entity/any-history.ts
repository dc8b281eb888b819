import fc from 'fast-check'
import { orders } from './history.ts'
import type { Action, Command, History } from './history.ts'
import type { Scope, ScopedField } from './scope.ts'

/** More is slower, and finds no more. */
const actionsMax = 90
/** A history is about so many fields at most, so that replicas meet in them. */
const fieldsMax = 5

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

/** Which of the fields of a history, which of its verbs. */
const draftOfCommand = fc.record({ field: fc.nat(fieldsMax - 1), verb: fc.nat(11), a: place, b: place })
const draftOfEdit = fc.record({
  replica,
  kind: fc.constant('draft' as const),
  commands: fc.array(draftOfCommand, { minLength: 1, maxLength: 3 }),
})
type DraftOfEdit = typeof draftOfEdit extends fc.Arbitrary<infer T> ? T : never

/** Histories in the fields of a scope. */
export function anyHistory(scope: Scope): fc.Arbitrary<History> {
  const all = [...scope.fields.values()]
  const fields = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: fieldsMax })
  const actions = fc.array(actionIn(scope), { minLength: 1, maxLength: actionsMax, size: 'max' })
  return fc
    .noBias(fc.record({ clocks, dice: fc.nat(999_999), fields, actions }))
    .map(({ clocks, dice, fields, actions }) => ({
      clocks,
      dice,
      actions: actions.map((action) => (action.kind === 'draft' ? toEdit(action, fields) : action)),
    }))
}

function actionIn({ life, disorderly, besides }: Scope): fc.Arbitrary<Action | DraftOfEdit> {
  const order = fc.constantFrom(...orders.filter((one) => disorderly || one !== 'any'))
  const plain = (kind: 'save' | 'hydrate' | 'undo' | 'redo'): fc.Arbitrary<Action> =>
    fc.record({ replica, kind: fc.constant(kind) })
  const losing = fc.oneof(fc.constant(0), fc.nat(9))
  const verb = life.length === 0 ? fc.constant('create' as const) : fc.constantFrom(...life)
  return fc.oneof(
    { weight: 14, arbitrary: draftOfEdit },
    { weight: life.length === 0 ? 0 : 1, arbitrary: fc.record({ replica, kind: fc.constant('live' as const), verb }) },
    { weight: 6, arbitrary: fc.record({ replica, kind: fc.constant('pull' as const), order, share }) },
    { weight: 1, arbitrary: fc.oneof(plain('save'), plain('hydrate')) },
    { weight: 1, arbitrary: fc.record({ replica, kind: fc.constant('restart' as const), losing }) },
    {
      weight: besides === 'remake' ? 2 : 1,
      arbitrary: fc.record({ replica, kind: fc.constant(besides === 'remake' ? besides : 'refuse'), pick: fc.nat(9) }),
    },
    {
      weight: besides === 'resolve' ? 4 : 0,
      arbitrary: fc.record({ replica, kind: fc.constant('resolve' as const), pick: fc.nat(99) }),
    },
    { weight: besides === 'undo' ? 4 : 0, arbitrary: fc.oneof(plain('undo'), plain('undo'), plain('redo')) },
  )
}

/** The first command says which part is written. */
function toEdit({ replica, commands }: DraftOfEdit, fields: readonly ScopedField[]): Action {
  const named = commands.flatMap(({ field, verb, a, b }): readonly (Command & Pick<ScopedField, 'writer'>)[] => {
    const { name, writer, subject } = fields[field % fields.length] ?? {}
    const verbs = subject?.verbs ?? []
    return name === undefined || writer === undefined
      ? []
      : [{ field: name, writer, verb: verbs[verb % verbs.length] ?? '', a, b }]
  })
  const as = named[0]?.writer === 'server' ? 'server' : 'user'
  const own = named.filter(({ writer }) => (writer === 'server') === (as === 'server'))
  return { replica, kind: 'edit', as, commands: own.map(({ field, verb, a, b }) => ({ field, verb, a, b })) }
}
