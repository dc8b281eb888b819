import { fromHex, RejoinError, toHex } from '@rejoin/base'
import type { Random } from '@rejoin/base'
import { placeFile } from '@rejoin/storage/sqlite'
import { existsSync, readFileSync } from 'node:fs'

const keyBytes = 32

/** The MAC key of the tokens: made at the first start, readable by the owner only, never changed. */
export function readKey(path: string, random: Random): Uint8Array {
  if (!existsSync(path)) placeFile(path, `${toHex(random.bytes(keyBytes))}\n`)
  const key = fromHex(readFileSync(path, 'utf8').trim())
  if (key?.length !== keyBytes)
    throw new RejoinError(
      'storage-corrupt',
      `${path} does not hold a key; restore it from a backup, or remove it so that every replica is compared anew.`,
    )
  return key
}
