const jobs = new Set<() => void>()
let installed = false

/** Exit statuses of a process that a signal ended, as shells count them. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Runs `job` when the process ends, in whatever way it can still notice: a normal end, a failure, Ctrl-C.
 * Jobs are synchronous. Returns what takes the job off the list.
 */
export function atExit(job: () => void): () => void {
  install()
  jobs.add(job)
  return () => jobs.delete(job)
}

function install(): void {
  if (installed) return
  installed = true
  process.on('exit', () => {
    for (const job of [...jobs].reverse()) job()
    jobs.clear()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.exit(statusOf[signal]))
}
