import { ByteReader, ByteWriter } from '@rejoin/base'
import type { Fold, LogBatch, LogRow, SpaceCommit } from '@rejoin/server'

/** A log's batch as the bytes of a journal: JSON without the bytes in it, then those, in the order of the fields. */
export function encodeLogBatch({ spaces, devices }: LogBatch): Uint8Array {
  const found: Uint8Array[] = []
  const withoutRow = ({ bytes, chain, ...row }: LogRow): object => {
    found.push(bytes, chain)
    return row
  }
  const json = JSON.stringify({
    spaces: spaces.map(({ record: { hash, ...record }, rows, folds, ...rest }) => {
      found.push(hash)
      return {
        ...rest,
        record,
        ...(rows && { rows: rows.map(withoutRow) }),
        ...(folds && { folds: folds.map(({ snapshot, ...fold }) => ({ ...fold, snapshot: withoutRow(snapshot) })) }),
      }
    }),
    ...(devices && {
      devices: devices.map(({ bytes, ...device }) => {
        found.push(bytes)
        return device
      }),
    }),
  })
  const out = new ByteWriter(found.reduce((sum, bytes) => sum + bytes.length + 4, json.length + 64))
  out.text(json)
  for (const bytes of found) out.bytes(bytes)
  return out.view()
}

/** What was encoded, not a copy: bytes in it are views into `bytes`. */
export function decodeLogBatch(bytes: Uint8Array): LogBatch {
  const input = new ByteReader(bytes)
  // Only this file writes them.
  const { spaces, devices } = JSON.parse(input.text()) as LogBatch
  const withRow = (row: LogRow): LogRow => ({ ...row, bytes: input.bytes(), chain: input.bytes() })
  const withFold = (fold: Fold): Fold => ({ ...fold, snapshot: withRow(fold.snapshot) })
  const batch = {
    spaces: spaces.map((commit): SpaceCommit => {
      const record = { ...commit.record, hash: input.bytes() }
      const { rows, folds } = commit
      return {
        ...commit,
        record,
        ...(rows && { rows: rows.map(withRow) }),
        ...(folds && { folds: folds.map(withFold) }),
      }
    }),
    ...(devices && { devices: devices.map((device) => ({ ...device, bytes: input.bytes() })) }),
  }
  input.end()
  return batch
}
