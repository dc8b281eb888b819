export { defaultOutboxLimits } from './options.ts'
export type { OutboxLimits } from './options.ts'
export { createOutbox } from './outbox.ts'
export type {
  Answer,
  LaneStats,
  Outbox,
  OutboxEffect,
  OutboxEvent,
  OutboxStats,
  PlannedEntry,
  RowInfo,
  SealedInfo,
  SealPlan,
} from './types.ts'
