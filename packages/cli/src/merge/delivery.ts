import type { Engine, Update } from '@rejoin/documents'
import { monotonicMs } from '../platform/clock.ts'
import { endOf } from './end.ts'
import type { End } from './end.ts'

export interface Delivered {
  readonly end: End
  /** In the engine alone. */
  readonly ms: number
}

/** Gives a fresh replica the updates as they are ordered, `chunk` at a time. */
export async function deliver(
  engine: Engine,
  updates: readonly Update[],
  {
    who,
    chunk,
    show,
  }: { readonly who: string; readonly chunk: number; readonly show: (done: number) => Promise<void> },
): Promise<Delivered> {
  const document = engine.create()
  let ms = 0
  for (let done = 0; done < updates.length; done += chunk) {
    await show(done)
    const start = monotonicMs()
    document.apply(updates.slice(done, done + chunk))
    ms += monotonicMs() - start
  }
  return { end: endOf(who, document), ms }
}
