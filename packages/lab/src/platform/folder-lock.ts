import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RunLogError } from '../campaign/run-log.ts'

/** Names in the folder that begin so are the lock's, also where a crash left them. */
export const lockName = 'runs.lock'

/** Of this process: its id says nothing of which of its campaigns has the lock, nor whether a life before it had. */
const held = new Set<string>()

/**
 * The folder is this campaign's alone until the returned function is called. The lock is a file with the id of the
 * process, which is linked to its name when it is whole, so that nobody reads half of it. One that a dead process left
 * is taken over. Throws a RunLogError that says who has it.
 */
export function lockFolder(folder: string): () => void {
  const lock = resolve(folder, lockName)
  if (held.has(lock)) throw inUse(folder, process.pid)
  const own = `${lock}.${process.pid}`
  writeFileSync(own, `${process.pid}\n`)
  try {
    while (!linked(own, lock)) {
      const owner = ownerOf(lock)
      if (owner !== undefined && isAlive(owner)) throw inUse(folder, owner)
      takeAway(lock, owner)
    }
  } finally {
    rmSync(own, { force: true })
  }
  held.add(lock)
  return () => {
    held.delete(lock)
    rmSync(lock, { force: true })
  }
}

const inUse = (folder: string, owner: number): RunLogError =>
  new RunLogError(
    `The folder ${folder} is in use by process ${owner}: wait until it has ended, or give another folder; ` +
      `if that is no lab, remove ${join(folder, lockName)}.`,
  )

function linked(own: string, lock: string): boolean {
  try {
    linkSync(own, lock)
    return true
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === undefined || !unlinkable.includes(code)) throw cause
    return opened(lock)
  }
}

/** What disks answer that know no second name for a file. */
const unlinkable: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

function opened(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    return false
  }
}

/** Undefined if the lock has just gone; not a number if it names nobody. */
function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    return undefined
  }
}

function isAlive(owner: number): boolean {
  // The same id from a life before, as in a container, where it is always the same.
  if (!Number.isSafeInteger(owner) || owner <= 0 || owner === process.pid) return false
  try {
    process.kill(owner, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Somebody else may have taken over in the meantime: what is taken away then is theirs, and they get it back. */
function takeAway(lock: string, dead: number | undefined): void {
  if (dead === undefined) return
  const old = `${lock}.${process.pid}.old`
  try {
    renameSync(lock, old)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    return
  }
  const taken = ownerOf(old)
  if (taken !== undefined && !Object.is(taken, dead)) linked(old, lock)
  rmSync(old, { force: true })
}
