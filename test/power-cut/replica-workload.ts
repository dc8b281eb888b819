// A replica's store at work: `node replica-workload.ts FOLDER FIRST LAST [careless]`. Commits the batches FIRST to LAST
// of the script, and notes each in the file `acks` when it was answered. Dies where the script says so.
import type { Store } from '@rejoin/storage'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { carelessStore } from './careless-store.ts'
import { batchAt, replicaScript } from './replica-script.ts'

const [folder = '', first = '1', last = '1', mode] = process.argv.slice(2)
const open = (): Promise<Pick<Store, 'commit' | 'close'>> =>
  mode === 'careless' ? carelessStore(folder) : sqliteStore(folder)
const acks = openSync(join(folder, 'acks'), 'a')
let store = await open()
for (let number = Number(first); number <= Number(last); number++) {
  const done = await store.commit(batchAt(number))
  if (!done.ok) throw new Error(done.error.message)
  writeSync(acks, `${number}\n`)
  if (number === replicaScript.killAfter) process.kill(process.pid, 'SIGKILL')
  if (number !== replicaScript.reopenAfter) continue
  await store.close()
  store = await open()
}
await store.close()
