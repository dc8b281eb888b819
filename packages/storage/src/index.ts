export { checkBatch, checkKey, checkRange, checkScan, everyKey, keyAfter, keyLengthMax, prefixRange } from './key.ts'
export type { Batch, Range, Row, Scan, Store, StoreCall, StoreFailure, StoreFailureKind } from './store.ts'
