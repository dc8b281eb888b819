import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'

export interface Run {
  /** Undefined if it was ended from here. */
  readonly status: number | undefined
  readonly out: string
  /** It took longer than it may. */
  readonly isLate: boolean
  readonly seconds: number
}

export interface RunOptions {
  readonly cwd: string
  readonly secondsMax: number
  /** Looked at whenever something was printed: true when enough is known. */
  readonly isEnough?: (out: string) => boolean
}

/** Process groups under way: none outlives this process. */
const groups = new Set<number>()

export function endAll(): void {
  for (const group of groups) end(group)
}

/** Runs a program with all it starts as one process group, and ends the group when the program ends. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const { cwd, secondsMax, isEnough = () => false } = options
  const begun = performance.now()
  const path = [dirname(process.execPath), join(cwd, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH: path, NO_COLOR: '1', CI: 'true' }
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let out = ''
    let isLate = false
    let isStopped = false
    const stop = (): void => {
      isStopped = true
      if (child.pid !== undefined) end(child.pid)
    }
    const timer = setTimeout(() => {
      isLate = true
      stop()
    }, secondsMax * 1000)
    const heard = (text: string): void => {
      out += text
      if (!isStopped && isEnough(out)) stop()
    }
    if (child.pid !== undefined) groups.add(child.pid)
    child.stdout.setEncoding('utf8').on('data', heard)
    child.stderr.setEncoding('utf8').on('data', heard)
    child.on('error', reject)
    child.on('exit', () => child.pid !== undefined && end(child.pid))
    child.on('close', (status) => {
      clearTimeout(timer)
      if (child.pid !== undefined) groups.delete(child.pid)
      const seconds = (performance.now() - begun) / 1000
      resolve({ status: isStopped ? undefined : (status ?? -1), out, isLate, seconds })
    })
  })
}

function end(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}
