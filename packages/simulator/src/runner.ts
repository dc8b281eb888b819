import type { Runner } from './campaign/runner.ts'
import { checkClocks } from './checks/clocks.ts'
import { runSchedule } from './run.ts'
import { faultActs, faultKinds, strikeKinds } from './schedule/faults.ts'
import { scheduleOf } from './schedule/schedule.ts'
import { vocabulary } from './schedule/vocabulary.ts'

/** The simulator, as campaigns and their workers know it. */
export const runner: Runner = {
  vocabulary,
  faults: [...strikeKinds, ...faultActs],
  counted: faultKinds,
  scheduleOf,
  runSchedule,
  runWithOtherClocks: (schedule) => checkClocks(runSchedule, schedule),
}
