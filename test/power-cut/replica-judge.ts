import { everyKey } from '@rejoin/storage'
import type { Store } from '@rejoin/storage'
import { sqliteStore } from '@rejoin/storage/sqlite'
import type { Judge } from './power-cut.ts'
import { digestOf } from './replica-script.ts'

/** After a power cut: every batch that was answered is there; of the next one all or nothing; and it works on. */
export const replicaJudge =
  (states: readonly string[]): Judge =>
  async (folder, acked) => {
    try {
      const found = await readAndWriteOn(folder)
      const at = [acked, acked + 1].find((number) => states[number] === found.digest)
      if (at === undefined) return `${acked} batches were answered, but the store ${whatIs(found.digest, states)}`
      return found.worksOn ? undefined : 'the store does not work on'
    } catch (cause) {
      return `the store cannot be used: ${String(cause)}`
    }
  }

function whatIs(digest: string, states: readonly string[]): string {
  const number = states.indexOf(digest)
  return number === -1 ? 'holds what never was' : `is as it was after ${number}`
}

async function readAndWriteOn(folder: string): Promise<{ readonly digest: string; readonly worksOn: boolean }> {
  const store = await sqliteStore(folder)
  const digest = await digestOfStore(store)
  const done = await store.commit({ put: [['after', Uint8Array.of(1)]] })
  await store.close()
  const again = await sqliteStore(folder)
  const [value] = await again.get(['after'])
  await again.commit({ remove: ['after'] })
  const same = (await digestOfStore(again)) === digest
  await again.close()
  return { digest, worksOn: done.ok && value?.[0] === 1 && same }
}

export const digestOfStore = async (store: Store): Promise<string> => digestOf(await store.scan(everyKey))
