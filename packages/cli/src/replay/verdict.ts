import { differenceOf } from '@rejoin/lab/trace'
import type { Trace } from '@rejoin/lab/trace'
import { authorComment, followerComment, milestone, minutesPerMilestone } from './app.ts'
import type { Audit } from './audit.ts'
import type { Faults } from './plan.ts'
import type { Expected, Inspection } from './roles.ts'
import { judgedFrom, unackedAtKillMin } from './unacked.ts'

/** What was found at the end of a session. */
export interface Findings {
  readonly trace: Trace
  /** Rounds of edits that the follower made. */
  readonly rounds: number
  readonly replicas: readonly Found[]
  readonly audit: Audit
  readonly planned: Faults
  readonly happened: Faults
  /** For each kill, the writes that had no ack then. */
  readonly unackedAtKills: readonly number[]
  readonly unackedAtServerKills: readonly number[]
  /** Sentences on what went wrong on the way. */
  readonly onTheWay: readonly string[]
}

/** A replica at the end: `the author`, `the follower`, `the joiner`. */
export interface Found {
  readonly name: string
  /** Level with the server, and seeing everything, before the time was over. */
  readonly level: boolean
  readonly inspection: Inspection
}

export interface Verdict {
  readonly textMatches: boolean
  readonly countersExact: boolean
  readonly commentsExact: boolean
  readonly hashesEqual: boolean
  readonly outboxesEmpty: boolean
  readonly exactlyOnce: boolean
  readonly ok: boolean
  readonly failures: readonly string[]
}

/** What every replica must hold in the end. */
export function expectedOf(trace: Trace, rounds: number): Expected {
  const milestones = Math.floor(trace.transactions.length / milestone)
  return {
    position: trace.transactions.length,
    minutes: milestones * minutesPerMilestone + rounds,
    comments: milestones + rounds,
  }
}

export function judge(findings: Findings): Verdict {
  const { replicas, trace } = findings
  const expected = expectedOf(trace, findings.rounds)
  const texts = replicas.flatMap((found) => textOf(found, trace))
  const counters = replicas.flatMap((found) => counterOf(found, expected))
  const comments = replicas.flatMap((found) => commentsOf(found, trace, findings.rounds))
  const hashes = hashesOf(replicas)
  const outboxes = replicas.flatMap(outboxOf)
  const log = logOf(findings.audit)
  const faults = [...missedFaults(findings), ...harmlessKills(findings)]
  const rest = [...replicas.flatMap(levelOf), ...faults, ...findings.onTheWay]
  const failures = [...texts, ...counters, ...comments, ...hashes, ...outboxes, ...log, ...rest]
  return {
    textMatches: texts.length === 0,
    countersExact: counters.length === 0,
    commentsExact: comments.length === 0,
    hashesEqual: hashes.length === 0,
    outboxesEmpty: outboxes.length === 0,
    exactlyOnce: log.length === 0,
    ok: failures.length === 0,
    failures,
  }
}

function textOf({ name, inspection }: Found, trace: Trace): string[] {
  const failures: string[] = []
  const difference = differenceOf(inspection.text, trace.endContent)
  if (difference !== undefined) failures.push(`The text of ${name} is not the end of the trace: ${difference}.`)
  const wanted = trace.transactions.length
  if (inspection.position !== wanted)
    failures.push(`The position of ${name} is ${inspection.position} instead of ${wanted}.`)
  return failures
}

function counterOf({ name, inspection }: Found, { minutes }: Expected): string[] {
  return inspection.minutes === minutes
    ? []
    : [`The counter of ${name} is ${inspection.minutes} minutes instead of ${minutes}.`]
}

function commentsOf({ name, inspection }: Found, trace: Trace, rounds: number): string[] {
  const wanted = new Map<string, string>()
  const milestones = Math.floor(trace.transactions.length / milestone)
  for (let index = 1; index <= milestones; index++) wanted.set(authorComment(index).id, authorComment(index).text)
  for (let round = 1; round <= rounds; round++) wanted.set(followerComment(round, 0).id, followerComment(round, 0).text)
  const seen = new Set(inspection.comments.map(({ id }) => id))
  const lost = [...wanted.keys()].filter((id) => !seen.has(id))
  const strange = inspection.comments.filter(({ id, text }) => wanted.get(id) !== text)
  const doubled = inspection.comments.length - seen.size
  if (lost.length + strange.length + doubled === 0) return []
  return [
    `Of ${wanted.size} comments ${name} has ${inspection.comments.length}: ` +
      `${lost.length} are lost${some(lost)}, ${doubled} are doubled, and ${strange.length} are not as written.`,
  ]
}

const some = (ids: readonly string[]): string => (ids.length === 0 ? '' : ` (${ids.slice(0, 3).join(', ')}…)`)

function hashesOf(replicas: readonly Found[]): string[] {
  if (new Set(replicas.map(({ inspection }) => inspection.hash)).size <= 1) return []
  const list = replicas.map(({ name, inspection }) => `${name} ${inspection.hash.slice(0, 12)}`)
  return [`The replicas differ in their canonical hashes: ${list.join(', ')}.`]
}

function outboxOf({ name, inspection }: Found): string[] {
  const { pending, rejected } = inspection
  if (pending === 0 && rejected === 0) return []
  return [`The outbox of ${name} is not empty: ${pending} writes wait, and ${rejected} were refused.`]
}

function logOf({ lost, doubled, forgotten, logged }: Audit): string[] {
  if (lost + doubled + forgotten === 0) return []
  return [
    `Of ${logged} entries in the log ${doubled} are there more than once; ${lost} acknowledged entries are not there, ` +
      `and of ${forgotten} the server has forgotten the id.`,
  ]
}

function levelOf({ name, level, inspection }: Found): string[] {
  return level
    ? []
    : [`In time ${name} did not come level with the server: it is at transaction ${inspection.position}.`]
}

const faultNames: Record<keyof Faults, string> = {
  cuts: 'cuts of the link',
  kills: 'kills of the author',
  serverKills: 'kills of the server',
}

function missedFaults({ planned, happened }: Findings): string[] {
  return (Object.keys(faultNames) as (keyof Faults)[])
    .filter((fault) => happened[fault] !== planned[fault])
    .map((fault) => `Of ${planned[fault]} planned ${faultNames[fault]} ${happened[fault]} happened.`)
}

/** A kill that finds nothing without an ack proves nothing. */
function harmlessKills({ trace, planned, unackedAtKills, unackedAtServerKills }: Findings): string[] {
  if (trace.transactions.length < judgedFrom(planned)) return []
  const sentences = (who: string, unacked: readonly number[]): string[] =>
    unacked.flatMap((count, index) =>
      count >= unackedAtKillMin
        ? []
        : [`At kill ${index + 1} of ${who} only ${count} writes had no ack, instead of at least ${unackedAtKillMin}.`],
    )
  return [...sentences('the author', unackedAtKills), ...sentences('the server', unackedAtServerKills)]
}
