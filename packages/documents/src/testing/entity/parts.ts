import type { Claim } from './law.ts'
import { userOf } from './replica.ts'
import type { World } from './world.ts'

/** Nobody writes a part that is not theirs: no update says so, and a call that tries is refused. */
export const parts: Claim = {
  step({ writes }) {
    const { as, replica, documents } = writes.at(-1) ?? { as: 'user', replica: 0, documents: new Map() }
    const may: readonly string[] = as === 'server' ? ['server'] : ['shared', `owner:${userOf(replica)}`]
    for (const { at } of documents.values())
      if (!may.includes(at.part)) throw new Error(`${as} of replica ${replica} wrote ${at.part}`)
  },
  end: expectRefusals,
}

function expectRefusals({ scope, replicas }: World): void {
  for (const { entity, number } of replicas)
    for (const { name, writer, subject } of scope.fields.values()) {
      const as = writer === 'server' ? 'user' : 'server'
      const verb = subject.verbs[0] ?? ''
      const result = entity.edit(as, (draft: object) => {
        subject.perform(Reflect.get(draft, name), { field: name, verb, a: 0, b: 0 }, () => 0)
      })
      const kind: unknown =
        typeof result.error === 'object' && result.error !== null && Reflect.get(result.error, 'kind')
      if (kind !== 'read-only-part' || result.updates.length > 0)
        throw new Error(`replica ${number}: ${as} was not kept from writing ${name}`)
    }
}
