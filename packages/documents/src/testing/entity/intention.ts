import type { UserId } from '@rejoin/base'
import type { Dice } from './dice.ts'
import type { Action } from './history.ts'
import { entityLaw } from './law.ts'
import type { Claim, EntityLaw } from './law.ts'
import { userOf, users } from './replica.ts'
import type { Replica } from './replica.ts'
import { documentIn } from './scope.ts'
import type { Scope, ScopedField } from './scope.ts'
import { deedsOf, nameOf } from './write.ts'
import type { World } from './world.ts'

/** Whoever knows of some writes is shown what the models of the fields make of just these, at every moment. */
export const intentionLaw = (title: string, scope: Scope, more?: Claim): EntityLaw =>
  entityLaw(title, scope, () => new Watching(more))

class Watching implements Claim {
  readonly #more: Claim | undefined
  /** What each replica was shown last. */
  readonly #shown = new Map<Replica, Readonly<Record<string, unknown>>>()

  constructor(more: Claim | undefined) {
    this.#more = more
  }

  step(world: World, replica: Replica, action: Action): void {
    const view = expectIntentions(world, replica)
    this.#more?.step?.(world, replica, action)
    const before = this.#shown.get(replica)
    this.#shown.set(replica, view)
    // What was lost may have been shown.
    if (['refuse', 'remake', 'restart'].includes(action.kind) || before === undefined) return
    for (const { name, subject, writer } of world.scope.fields.values()) {
      const relapse = writer === 'owner' ? undefined : subject.relapse?.(before[name], view[name])
      if (relapse !== undefined) throw new Error(`replica ${replica.number}, ${name}: ${relapse}`)
    }
  }

  end(world: World, dice: Dice): void {
    for (const replica of world.replicas) {
      for (const piece of dice.pieces(dice.shuffled(replica.lacks(world.writes)), 8)) replica.take(piece)
      expectIntentions(world, replica)
    }
    this.#more?.end(world, dice)
  }
}

function expectIntentions(world: World, replica: Replica): Readonly<Record<string, unknown>> {
  const { entity } = replica
  const view: Readonly<Record<string, unknown>> = entity.view()
  const life = entity.life()
  // What was purged is gone, and a draft is for what is kept.
  if (life === 'purged') return view
  if (life === 'deleted') expectFields(world, replica, view, {})
  const read = entity.edit('user', (draft) => {
    if (life !== 'deleted') expectFields(world, replica, view, draft)
  })
  if ('error' in read && life !== 'deleted') throw read.error
  return view
}

function expectFields({ scope }: World, replica: Replica, view: object, draft: object): void {
  for (const field of scope.fields.values()) {
    const fault = faultOf(scope, replica, field, Reflect.get(view, field.name), Reflect.get(draft, field.name))
    if (fault !== undefined) throw new Error(`replica ${replica.number}, ${field.name}: ${fault}`)
  }
}

function faultOf(
  scope: Scope,
  replica: Replica,
  field: ScopedField,
  shown: unknown,
  draft: unknown,
): string | undefined {
  const own = userOf(replica.number)
  if (field.writer !== 'owner') return faultIn(scope, replica, field, own, { view: shown, draft })
  const views = new Map(Object.entries(shown ?? {}))
  for (const user of users) {
    const fault = faultIn(scope, replica, field, user, {
      view: views.get(user),
      draft: user === own ? draft : undefined,
    })
    if (fault !== undefined) return `of ${user}: ${fault}`
    views.delete(user)
  }
  return views.size === 0 ? undefined : `values of ${[...views.keys()].join()}, who wrote nothing`
}

function faultIn(
  scope: Scope,
  replica: Replica,
  field: ScopedField,
  user: UserId,
  shown: { readonly view: unknown; readonly draft: unknown },
): string | undefined {
  const document = nameOf(documentIn(scope, field, user))
  return field.subject.fault(shown, deedsOf(replica.knows.get(document) ?? [], document, field.name))
}
