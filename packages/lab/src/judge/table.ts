import type { FieldKind } from '../fields/shape.ts'
import { judgeCounter } from './counter.ts'
import type { FieldJudge } from './field-end.ts'
import { judgeLog } from './log.ts'
import { judgeOrder } from './order.ts'
import { judgeSet } from './set.ts'
import { judgeStatus } from './status.ts'
import { judgeText } from './text.ts'
import { judgeValue } from './value.ts'
import { judgeVotes } from './votes.ts'

export const judges: Readonly<Record<FieldKind, FieldJudge>> = {
  value: judgeValue,
  status: judgeStatus,
  counter: judgeCounter,
  set: judgeSet,
  order: judgeOrder,
  log: judgeLog,
  votes: judgeVotes,
  text: judgeText,
}
