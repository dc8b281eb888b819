import { chat } from './chat.ts'
import { counters } from './counters.ts'
import { fieldReports } from './field-reports.ts'
import { learning } from './learning.ts'
import { marketplace } from './marketplace.ts'
import { studio } from './studio.ts'
import type { Workload } from './workload.ts'

/** The apps, and then the plainest case of each kind of field. */
export const workloads: readonly Workload[] = [marketplace, studio, chat, learning, fieldReports, counters]
