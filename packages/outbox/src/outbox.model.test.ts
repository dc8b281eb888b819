import { lanes } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkIdle, checkStats } from './laws.test.helper.ts'
import { spaces, users } from './model.test.helper.ts'
import type { WriteSpec } from './model.test.helper.ts'
import { World } from './world.test.helper.ts'

interface Real {
  readonly world: World
}
type Command = fc.Command<World, Real>

/** Runs on the model, which is the world around the real outbox. */
function command(name: string, run: (world: World) => void): Command {
  return {
    check: () => true,
    run: (world) => {
      run(world)
      checkStats(world)
    },
    toString: () => name,
  }
}

const verdict = fc.oneof(
  { weight: 30, arbitrary: fc.constant('accept' as const) },
  { weight: 1, arbitrary: fc.constant('refuse' as const) },
  { weight: 2, arbitrary: fc.record({ flaky: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ busy: fc.integer({ min: 1, max: 6 }) }) },
)
const write: fc.Arbitrary<WriteSpec> = fc.record({
  space: fc.constantFrom(0, 0, 0, 1),
  docs: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
  lane: fc.constantFrom(...lanes),
  user: fc.constantFrom(0, 0, 0, 0, 1),
  needs: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(3), { maxLength: 2 }) },
  ),
  bytes: fc.integer({ min: 1, max: 70 }),
  verdict,
  split: fc.boolean(),
})
const space = fc.constantFrom(...spaces)
const user = fc.constantFrom(...users, ...users.slice(0, 1), ...users.slice(0, 1))
const times = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most })

const writes = write.map((spec) =>
  command(`write ${JSON.stringify(spec)}, commit`, (world) => [world.write(spec), world.commit()]),
)
const commits = times(6).map((n) => command(`commit × ${n}`, (world) => repeat(n, () => world.commit())))
const servings = fc
  .tuple(space, times(8))
  .map(([s, n]) => command(`serve ${s} × ${n}`, (world) => repeat(n, () => world.serve(s))))
const receipts = fc
  .tuple(space, times(8), times(2))
  .map(([s, n, copies]) =>
    command(`receive ${s} × ${n}, each ${copies}`, (world) => repeat(n, () => world.receive(s, copies))),
  )
const steady = [writes, commits, servings, receipts]
const commands = [
  ...steady,
  ...steady,
  ...steady,
  ...steady,
  write.map((spec) => command(`write ${JSON.stringify(spec)}`, (world) => world.write(spec))),
  fc.tuple(space, user).map(([s, u]) => command(`link ${s} ${u}`, (world) => world.link(s, u))),
  space.map((s) => command(`cut ${s}`, (world) => world.cut(s))),
  times(80).map((n) => command(`limits ${n}`, (world) => world.keepTo(n))),
  fc.constant(command('wait', (world) => world.wait())),
  fc.constant(command('fail the seal', (world) => world.failSeal())),
  fc.constant(command('restart', (world) => world.restart())),
  fc
    .subarray([...lanes])
    .map((allowed) => command(`allow ${allowed.join()}`, (world) => world.step({ kind: 'allow', lanes: allowed }))),
]

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run()
}

/** Faults end; users take turns; everything must go away without another restart. */
function heal(world: World): void {
  world.step({ kind: 'allow', lanes })
  const turns = 2 * world.disk.rows.size + world.transactions.length + 12
  for (let turn = 0; turn < turns; turn++) {
    for (const it of spaces) world.link(it, users[turn % 2] ?? users[0] ?? world.linkOf(it).principal ?? never())
    quiesce(world)
    checkStats(world)
    checkIdle(world)
    if (world.disk.rows.size === 0 && world.transactions.length === 0) return
  }
  throw new Error(`not quiet: ${JSON.stringify([...world.disk.rows.values()])}`)
}

function quiesce(world: World): void {
  for (let i = 0; i < 5000; i++) {
    if (world.transactions.length > 0) world.commit()
    else if (spaces.some((it) => world.linkOf(it).up.length > 0)) for (const it of spaces) world.serve(it)
    else if (spaces.some((it) => world.linkOf(it).down.length > 0)) for (const it of spaces) world.receive(it, 1)
    else if (world.wakeAt !== undefined) world.wait()
    else return
  }
  throw new Error('it never comes to rest')
}

function never(): never {
  throw new Error('there are users')
}

function checkEnd(world: World): void {
  const { stored, taken } = world.finished
  for (const row of stored) expect(taken.has(row), `row ${row} is stored and taken`).toBe(false)
  for (const row of stored) expect(world.server.effects.get(row), `row ${row} took effect once`).toBe(1)
  for (const row of taken) expect(world.server.effects.has(row), `row ${row} is taken and took effect`).toBe(false)
  for (const [row, times] of world.server.effects) expect([stored.has(row), times], `row ${row}`).toEqual([true, 1])
}

test('[OB32] every row ends stored or taken, exactly once, in any schedule', () => {
  const seen: Record<string, number> = {}
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 200, size: 'max' }), (schedule) => {
      const world = new World()
      fc.modelRun(() => ({ model: world, real: { world } }), schedule)
      heal(world)
      checkEnd(world)
      for (const [what, count] of Object.entries(world.seen)) seen[what] = (seen[what] ?? 0) + count
    }),
    { numRuns: 200 },
  )
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0)
})
