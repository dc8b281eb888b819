import { fromHex, RejoinError, toHex } from '@rejoin/base'
import type { Random } from '@rejoin/base'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

const keyBytes = 32

/** The MAC key of the tokens: made at the first start, readable by the owner only, never changed. */
export function readKey(path: string, random: Random): Uint8Array {
  if (!existsSync(path)) writeKey(path, random.bytes(keyBytes))
  const key = fromHex(readFileSync(path, 'utf8').trim())
  if (key?.length !== keyBytes)
    throw new RejoinError(
      'storage-corrupt',
      `${path} does not hold a key; restore it from a backup, or remove it so that every replica is compared anew.`,
    )
  return key
}

function writeKey(path: string, key: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    writeSync(descriptor, `${toHex(key)}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
