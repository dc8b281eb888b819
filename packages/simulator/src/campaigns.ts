/** What other programs need that run many seeds on many threads, as campaigns here do. */
export type { Host } from './campaign/host.ts'
export { inOrder } from './campaign/in-order.ts'
export { countOf, grouped, spanOf } from './campaign/text.ts'
export { openLanes } from './platform/lanes.ts'
export type { Lanes, Lost } from './platform/lanes.ts'
export { onInterrupt, processHost } from './platform/process-host.ts'
