import type { ReplicaLimits } from '@rejoin/client'
import type { PartialLimits } from '@rejoin/server'

/** Limits under which small work already fills rows, frames, pages and caches. */
export const tinyReplica: Partial<ReplicaLimits> = {
  rowBytesMax: 256,
  viewSliceMs: 0,
  tailRowsMax: 8,
  tailBytesMin: 1024,
  pushEntriesMax: 4,
  pushBytesMax: 2048,
}

export const tinyServer: PartialLimits = {
  commitBytesMax: 4096,
  pageBytesMax: 2048,
  pageRowsMax: 8,
  documentsCachedMax: 4,
  writersCachedMax: 2,
  foldEntriesMin: 12,
  foldBytesMin: 512,
  foldDocumentsMax: 2,
  bufferedBytesMax: 16_384,
  wire: { entriesPerFrameMax: 16, creditBytes: 8192 },
}
