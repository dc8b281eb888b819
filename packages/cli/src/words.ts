import { isId } from '@rejoin/base'
import { InvalidArgumentError } from 'commander'

/** Parsers of option values; what they throw is wrong usage. */

export function parseCount(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

export function parsePositive(text: string): number {
  const value = parseCount(text)
  if (value === 0) throw new InvalidArgumentError('It must be 1 or more.')
  return value
}

/** How often a fault happens. More would leave no room between them. */
export const faultsMax = 50

export function parseFaults(text: string): number {
  const value = parseCount(text)
  if (value > faultsMax) throw new InvalidArgumentError(`It must be at most ${faultsMax}.`)
  return value
}

export function parsePort(text: string): number {
  const value = parseCount(text)
  if (value > 65_535) throw new InvalidArgumentError('It must be a port: 0 (any free one) to 65535.')
  return value
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30m`, `12h`, `7d` in milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const ms = Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN)
  if (!Number.isSafeInteger(ms) || ms <= 0) throw new InvalidArgumentError('It must be a time such as 30m, 12h or 7d.')
  return ms
}

/** As `parseDuration`, and `0s`: none. */
export const parseSpan = (text: string): number => (/^0+[smhd]$/.test(text) ? 0 : parseDuration(text))

/** 0, 1.5 and the like. */
export function parseAmount(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number such as 0, 1 or 1.5.')
  return Number(text)
}

/** `a,b`. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('It must be names with commas between them.')
  return names
}

/** One `name=role` more. */
export function parseSpace(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [name, role, ...rest] = text.split('=')
  if (!isId(name) || role === undefined || role === '' || rest.length > 0)
    throw new InvalidArgumentError('It must be name=role, as course-7=editor.')
  return { ...before, [name]: role }
}

export function parseId(text: string): string {
  if (!isId(text)) throw new InvalidArgumentError('It must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ -.')
  return text
}
