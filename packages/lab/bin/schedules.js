import { main } from '../dist/schedules/main.js'

process.exitCode = await main(process.argv.slice(2))
