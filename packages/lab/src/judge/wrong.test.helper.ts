import type { Engine, EngineDocument, ListRoot, RegisterRoot, RichTextRoot } from '@rejoin/documents'
import type { Json } from '@rejoin/schema'
import { symbolCount, symbolOf } from '../fields/symbols.ts'
import { yjs } from '../policies/yjs.ts'
import type { Policy } from '../policies/policy.ts'

/** An object with some of its members replaced. */
function but<T extends object>(of: T, members: Partial<T>): T {
  return new Proxy(of, {
    get(target, key) {
      if (Object.hasOwn(members, key)) return members[key as keyof T]
      const member: unknown = Reflect.get(target, key, target)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

/** Says yes each fifth time. */
function everyFifth(): () => boolean {
  let times = 0
  return () => ++times % 5 === 0
}

/** Yjs, but each document that is made is changed so; `fifth` counts over all of them. */
const wrong = (name: string, change: (document: EngineDocument, fifth: () => boolean) => EngineDocument): Policy => ({
  ...yjs,
  name,
  about: 'Wrong on purpose.',
  open: async () => {
    const engine: Engine = (await yjs.open())({ now: () => 0 })
    const fifth = everyFifth()
    return () => but(engine, { create: () => change(engine.create(), fifth) })
  },
})

/** Every fifth update that comes is not taken in. */
export const forgetful: Policy = wrong('forgetful', (document, fifth) =>
  but(document, { apply: (updates) => (fifth() ? undefined : document.apply(updates)) }),
)

/** What is inserted into a text or list is inserted twice, every fifth time. */
export const stuttering: Policy = wrong('stuttering', (document, fifth) => {
  const insert = <T>(root: { insert(index: number, content: T): void }, index: number, content: T): void => {
    root.insert(index, content)
    if (fifth()) root.insert(index, content)
  }
  const list: ListRoot = but(document.list, { insert: (index, values) => insert(document.list, index, values) })
  const text: RichTextRoot = but(document.text, { insert: (index, text) => insert(document.text, index, text) })
  return but(document, { list, text })
})

/** What is deleted of a text, or taken from a set, is there again at once, every fifth time. */
export const haunted: Policy = wrong('haunted', (document, fifth) => {
  const text: RichTextRoot = but(document.text, {
    delete(index, count) {
      const deleted = document.text.read().slice(index, index + count)
      document.text.delete(index, count)
      if (fifth()) document.text.insert(index, deleted)
    },
  })
  const registers: RegisterRoot = but(document.registers, {
    remove(key, only) {
      const [removed] = document.registers.survivors(key)
      document.registers.remove(key, only)
      if (removed !== undefined && key.startsWith('tags/') && fifth())
        document.registers.append(key, removed.stamp, removed.value)
    },
  })
  return but(document, { text, registers })
})

/** Every fifth time that something is written, something else is. */
export const inventive: Policy = wrong('inventive', (document, fifth) => {
  const invented = <T extends Json>(value: T): T =>
    typeof value === 'string' && fifth() ? (`${value}-too` as T) : value
  const list: ListRoot = but(document.list, {
    insert: (index, values) => document.list.insert(index, values.map(invented)),
  })
  const text: RichTextRoot = but(document.text, {
    insert: (index, typed) => document.text.insert(index, fifth() ? `${typed}${symbolOf(symbolCount - 1)}` : typed),
  })
  const registers: RegisterRoot = but(document.registers, {
    append: (key, stamp, value) =>
      document.registers.append(key, stamp, key.startsWith('title') ? invented(value) : value),
  })
  return but(document, { list, text, registers })
})

/** Whatever is typed comes first. */
export const frontal: Policy = wrong('frontal', (document) => {
  const text: RichTextRoot = but(document.text, { insert: (_, typed) => document.text.insert(0, typed) })
  return but(document, { text })
})

/** Words are typed backward. */
export const backward: Policy = wrong('backward', (document) => {
  const reversed = (typed: string): string => [...typed].toReversed().join('')
  const text: RichTextRoot = but(document.text, {
    insert: (index, typed) => document.text.insert(index, reversed(typed)),
  })
  return but(document, { text })
})

/** What is appended to a list comes first. */
export const stacking: Policy = wrong('stacking', (document) => {
  const list: ListRoot = but(document.list, { insert: (_, values) => document.list.insert(0, values) })
  return but(document, { list })
})

/** Each move of an item writes the place that it had in the beginning. */
export const unmoved: Policy = wrong('unmoved', (document) => {
  const placeOf = (key: string): Json | undefined => {
    const [created] = document.registers.survivors(key.slice(0, -'/p'.length))
    return Array.isArray(created?.value) ? created.value[1] : undefined
  }
  const registers: RegisterRoot = but(document.registers, {
    append: (key, stamp, value) =>
      document.registers.append(key, stamp, key.endsWith('/p') ? (placeOf(key) ?? value) : value),
  })
  return but(document, { registers })
})
