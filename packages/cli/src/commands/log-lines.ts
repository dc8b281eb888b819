import type { Log, LogLevel } from '@rejoin/base'
import { wallTime } from '../platform/clock.ts'

type Fields = Readonly<Record<string, string | number | boolean>>

/** One line for each event: `key=value` pairs for people, or a JSON object for machines. */
export function createLogLines(
  write: (line: string) => void,
  options: { readonly json: boolean; readonly least: LogLevel },
): Log {
  const ranks: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }
  return (level, event, fields = {}) => {
    if (ranks[level] < ranks[options.least]) return
    const line: Fields = { time: wallTime(), level, event, ...fields }
    write(`${options.json ? JSON.stringify(line) : pairsOf(line)}\n`)
  }
}

const pairsOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(
      ([key, value]) => `${key}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : value}`,
    )
    .join(' ')
