import { chat } from './chat.ts'
import { counters } from './counters.ts'
import { fieldReports } from './field-reports.ts'
import { learning } from './learning.ts'
import { marketplace } from './marketplace.ts'
import { lists } from './lists.ts'
import { records } from './records.ts'
import { samePlace } from './same-place.ts'
import { sets } from './sets.ts'
import { statuses } from './statuses.ts'
import { studio } from './studio.ts'
import { tiny } from './tiny.ts'
import type { Workload } from './workload.ts'

/** Models of apps. */
export const apps: readonly Workload[] = [marketplace, studio, chat, learning, fieldReports]

/** The apps, and then the plainest case of each kind of field. */
export const workloads: readonly Workload[] = [...apps, counters, sets, lists, samePlace, statuses, records, tiny]
