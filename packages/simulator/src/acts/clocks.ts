import type { Dice } from '../world/dice.ts'
import type { WallClock } from '../world/wall-clock.ts'
import type { World } from '../world/world.ts'
import type { PersonAct } from './act.ts'

type ClockAct = (clock: WallClock, dice: Dice, world: World) => void

const hourMs = 3_600_000
const yearMs = 365 * 24 * hourMs

const troubles = {
  'clock-jump': (clock, dice) => clock.jump(jumpOf(dice)),
  'clock-back': (clock) => clock.jump(-hourMs),
  'clock-drift': (clock, dice) => clock.drift(dice.chance(0.5) ? 0.1 : -0.1),
  'clock-stuck': (clock, dice, { time }) => {
    clock.stick()
    time.after(dice.between(1_000, 20_000), () => clock.goOn())
  },
  'clock-broken': (clock, dice, { time }) => {
    clock.stick(dice.pick([0, Number.NaN, -1]))
    time.after(dice.between(500, 8_000), () => clock.goOn())
  },
} as const satisfies Record<string, ClockAct>

/** Most jumps are small, because much of what a clock that is years ahead writes is refused. */
function jumpOf(dice: Dice): number {
  const sizeMs = dice.pick([200, 10_000, 10_000, 100_000, hourMs, 10 * yearMs])
  return Math.round(dice.between(-sizeMs, sizeMs))
}

type Trouble = keyof typeof troubles
const kinds = Object.keys(troubles) as readonly Trouble[]

/** One clock goes wrong: of the replica, or, now and then, of the server. */
const trouble =
  (kind: Trouble): PersonAct =>
  (world, { replica }, dice) => {
    world.counts.add(kind)
    const machine = dice.chance(0.15) ? world.server.machine : replica.machine
    troubles[kind](machine.clock, dice, world)
  }

export const clockActs = Object.fromEntries(kinds.map((kind) => [kind, trouble(kind)])) as Readonly<
  Record<Trouble, PersonAct>
>
