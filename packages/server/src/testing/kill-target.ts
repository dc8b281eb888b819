// A server in a process of its own, to be killed: `node kill-target.ts FOLDER`. Says where it listens.
import { createServer } from '../server.ts'
import { listen } from '../platform/listen.ts'
import { sqlite } from '../platform/sqlite/index.ts'
import { plainTokens } from './plain-tokens.ts'

const server = await createServer({
  store: sqlite(process.argv[2] ?? '.'),
  authenticate: plainTokens,
  limits: { foldEntriesMin: 50, wire: { framesPerSecondMax: 100_000 } },
})
const { url } = await listen(server)
console.log(url)
