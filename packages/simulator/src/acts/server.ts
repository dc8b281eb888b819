import { spaces } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import type { Dice } from '../world/dice.ts'
import { isNotFound, mayFail } from '../world/server.ts'
import type { LogTrouble } from '../world/server-disk.ts'
import type { World } from '../world/world.ts'
import type { WorldAct } from './act.ts'

/** Nothing happens on a machine that stands still. */
const awake =
  (act: WorldAct): WorldAct =>
  (world, dice) => {
    if (!world.server.machine.isAsleep) act(world, dice)
  }

/** What the server's app does, and what becomes of its machine. */
export const serverActs = {
  'fold': awake((world, dice) => world.attend(fold(world, dice))),
  'grade': awake((world, dice) => world.attend(grade(world, dice))),
  'server-kill': (world) => {
    if (!world.server.kill()) return
    world.counts.add('server-kill')
    world.restartServer()
  },
  'server-pause': awake((world, dice) => {
    world.counts.add('server-pause')
    world.server.machine.sleep(dice.between(5_000, 30_000), false)
  }),
  'server-close': awake((world) => {
    if (world.server.server === undefined) return
    world.counts.add('server-close')
    world.attend(world.server.close().then(() => world.restartServer()))
  }),
  'server-power-cut': (world, dice) => {
    if (!world.server.kill(dice)) return
    world.counts.add('server-power-cut')
    world.restartServer()
  },
  'log-full': (world, dice) => fail(world, 'log-full', dice),
  'log-error': (world, dice) => fail(world, 'log-error', dice),
} as const satisfies Record<string, WorldAct>

function fail({ server, time }: World, trouble: LogTrouble, dice: Dice): void {
  if (server.trouble !== undefined) return
  server.trouble = trouble
  time.after(dice.between(100, 3_000), () => (server.trouble = undefined))
}

async function fold({ server, counts }: World, dice: Dice): Promise<void> {
  const report = await server.server?.fold(dice.pick(spaces)).catch((cause: unknown) => {
    if (!mayFail(cause)) throw cause
    return undefined
  })
  counts.add('fold', report?.folded ?? 0)
}

async function grade(world: World, dice: Dice): Promise<void> {
  const notes = world.oracle.places.filter(({ kind }) => kind === 'notes')
  if (notes.length > 0) await writeGrade(world, dice.pick(notes))
}

/** The server writes a grade into a note. */
export async function writeGrade({ grades, server, tape }: World, place: Place): Promise<void> {
  const running = server.server
  if (running === undefined) return
  const wasMade = tape.isMade(place)
  const graded = grades.begin(place)
  try {
    await running.edit(place.space, 'notes', place.id, (draft) => draft.grade.set(graded.grade))
    graded.end = 'stored'
  } catch (cause) {
    // A note is known here as soon as somebody has begun it; the server may not have it yet, or never.
    if (!mayFail(cause) && (wasMade || !isNotFound(cause))) throw cause
    graded.end = 'refused'
  }
}
