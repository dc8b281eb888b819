// A server's log at work: `node server-workload.ts FOLDER FIRST LAST`. Makes the commits FIRST to LAST of the script, and
// notes each in the file `acks` when it was answered. Dies where the script says so.
import { realPorts, sqlite } from '@rejoin/server'
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { everyCommit, serverScript } from './server-script.ts'

const [folder = '', first = '1', last = '1'] = process.argv.slice(2)
const { random } = realPorts()
const acks = openSync(join(folder, 'acks'), 'a')
let { log } = await sqlite(folder).open(random)
for (const [index, batch] of everyCommit().entries()) {
  const number = index + 1
  if (number < Number(first) || number > Number(last)) continue
  const done = await log.commit(batch)
  if (!done.ok) throw new Error(done.error.message)
  writeSync(acks, `${number}\n`)
  if (number === serverScript.killAfter) process.kill(process.pid, 'SIGKILL')
  if (number !== serverScript.reopenAfter) continue
  await log.close()
  log = (await sqlite(folder).open(random)).log
}
await log.close()
