import { clientIdOf } from '../client-ids.ts'
import { writerId } from '@rejoin/base'
import type { EngineDocument, Update } from '../engine.ts'
import { underlying, yjs } from './index.ts'
import type { Underlying } from './index.ts'

/** A device with one document to which an editor can be bound, and what it has written past us. */
export interface Device {
  readonly document: EngineDocument
  readonly under: Underlying
  readonly captured: Update[]
  readonly failures: unknown[]
  /** The client ids that it was given. */
  readonly ids: Set<number>
}

export function device(number: number, ...known: Update[]): Device {
  const document = yjs.create()
  document.apply(known)
  const writer = writerId(String(number).repeat(32))
  const captured: Update[] = []
  const failures: unknown[] = []
  const ids = new Set<number>()
  const freshClient = (): number => {
    const id = clientIdOf(writer, ids.size)
    ids.add(id)
    return id
  }
  document.setClient(freshClient())
  document.bind({
    changed: (update) => void (update !== undefined && captured.push(update)),
    freshClient,
    failed: (error) => void failures.push(error),
  })
  return { document, under: underlying(document), captured, failures, ids }
}

/** Lets two devices hear of what each has written since the last time. */
export function connection(one: Device, other: Device): () => void {
  const heard = new Map([
    [one, 0],
    [other, 0],
  ])
  const hear = (from: Device, to: Device): void => {
    const news = from.captured.slice(heard.get(from))
    heard.set(from, from.captured.length)
    for (const update of news) to.document.apply([update])
  }
  // What one hears can make its editor write in answer.
  return () => {
    do {
      hear(one, other)
      hear(other, one)
    } while (one.captured.length > (heard.get(one) ?? 0) || other.captured.length > (heard.get(other) ?? 0))
  }
}
