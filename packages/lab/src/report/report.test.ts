import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import type { RunResult } from '../run.ts'
import type { ReportInput } from './input.ts'
import { conditions, empty, filled, plan, policy, session, workload } from './made-up.test.helper.ts'
import { report } from './report.ts'

const hour = 3_600_000

const lostBySeed =
  (lost: readonly number[]) =>
  ({ policy, seed }: Pick<RunResult, 'policy' | 'seed'>) =>
    policy === 'merges' ? {} : { lost: lost[seed - 1] ?? 0 }

const played = [
  session({ policy: 'merges' }),
  session({
    policy: 'lww-field-hlc',
    effects: 23_076,
    lostEffects: 9_490,
    lostShare: 0.411,
    ghosts: 211,
    finalLength: 12_798,
  }),
]

const full: ReportInput = { ...plan, results: filled(plan, lostBySeed([10, 20, 30, 40, 50])), sessions: played }

const plainSpaces = (text: string): string => text.replaceAll(/\u00a0|&#160;/g, ' ')

/** The cells of the table with this id, in both forms. */
async function cellsOf(input: ReportInput, id: string): Promise<{ html: string[][]; markdown: string[][] }> {
  const { html, markdown } = await report(input)
  const rows = [...parseHTML(html).document.querySelectorAll(`#${id} tbody tr`)]
  const lines = (markdown.split(`<a id="${id}"></a>`)[1] ?? '').split('\n').slice(2)
  return {
    html: rows.map((row) => [...row.children].map((cell) => plainSpaces(cell.innerHTML))),
    markdown: lines
      .slice(
        2,
        Math.max(
          0,
          lines.findIndex((line) => !line.startsWith('|')),
        ),
      )
      .map((line) => line.slice(2, -2).split(' | ')),
  }
}

const ofPolicy = (rows: readonly string[][], name: string): readonly string[] =>
  rows.find(([first]) => first?.includes(name))?.slice(1) ?? []

describe('a report', () => {
  test('[LA90] says the same in both forms', async () => {
    const { html, markdown } = await report(full)
    const { document } = parseHTML(html)
    // As Markdown shows it.
    const text = markdown.replaceAll(/\\([^\w\s])/g, '$1').replaceAll(/[*`]/g, '')
    let at = 0
    const parts = [...document.querySelectorAll('h1, header p, h2, h3, section p, li, dt, dd, th, td, figcaption')]
      .filter((part) => part.closest('nav') === null)
      .map((part) => plainSpaces(part.textContent).trim())
    expect(parts.length).toBeGreaterThan(200)
    const links = text.replaceAll(/\[([^\]]*)\]\((?:<[^>]*>|#[\w-]+)\)/g, '$1')
    for (const part of parts.map((part) => part.replaceAll(/[*`]/g, ''))) {
      const found = links.indexOf(part, at)
      expect(found, part).toBeGreaterThanOrEqual(0)
      at = found
    }
  })

  test('[LA91] seeds are the unit: each is summed up first', async () => {
    const { html, markdown } = await cellsOf(full, 'lost-by-conditions')
    // 10 to 50 %: the deviation is 15.811, and Student’s t of four degrees 2.776; 2.776 × 15.811 / √5 = 19.629.
    const told = '30.0 ± 19.7 %'
    // Lost and overruled, of the first two of the four conditions.
    expect(ofPolicy(markdown, 'lww-field-hlc')).toEqual([told, '0', told, '0'])
    expect(ofPolicy(html, 'lww-field-hlc')).toEqual([told, '0', told, '0'])
    expect(ofPolicy(markdown, 'merges')).toEqual(['**0**', '0', '**0**', '0'])
  })

  test('[LA91] fewer than five seeds are told as means, and an interval that was cut by both of its ends', async () => {
    const few = { ...plan, seeds: [1, 2, 3, 4] }
    const means = await cellsOf({ ...few, results: filled(few, lostBySeed([10, 20, 30, 40])) }, 'lost-by-conditions')
    expect(ofPolicy(means.markdown, 'keeps')).toEqual(['25.0 %', '0', '25.0 %', '0'])
    const text = (await report({ ...few, results: filled(few) })).markdown
    expect(text.match(/too few for intervals/g)).toHaveLength(1)
    expect(text).not.toMatch(/Whiskers are|and 95 % intervals|with its 95 %/)
    // 0, 0, 0, 0 and 30 %: 6 ± 2.776 × 6.
    const cut = await cellsOf({ ...plan, results: filled(plan, lostBySeed([0, 0, 0, 0, 30])) }, 'lost-by-conditions')
    expect(ofPolicy(cut.markdown, 'keeps')[0]).toBe('6.0 (0–22.7) %')
  })

  test('[LA91] policies are seen against one of them seed by seed, which leaves out what all seeds have in common', async () => {
    const results = filled(plan, ({ policy, seed }) => ({
      lost: 10 * seed + (policy === 'lww-field-hlc' ? 6 : 0) + (policy === 'keeps' ? 10 + (seed % 2) : 0),
    }))
    const { markdown } = await cellsOf({ ...plan, results }, 'effects')
    const against = (policy: string) => ofPolicy(markdown, policy).at(-1)?.replace('\\', '')
    expect(against('lww-field-hlc')).toBe('0')
    expect(against('merges')).toBe('−6.0')
    // 5, 4, 5, 4 and 5 more: 4.6 ± 2.776 × 0.5477 / √5.
    expect(against('keeps')).toBe('+4.6 ± 0.7')
  })

  test('[LA91] of workloads with different numbers of effects the sums count', async () => {
    // 20 to 60 of 400 effects: 5 to 15 %; 2.776 × 3.9528 / √5 = 4.907.
    const results = filled(plan, ({ policy, workload, seed }) =>
      policy === 'merges'
        ? {}
        : workload === 'shop'
          ? { effects: 300, lost: 0 }
          : { effects: 100, lost: 10 + 10 * seed },
    )
    const { markdown } = await cellsOf({ ...plan, results }, 'lost-by-conditions')
    expect(ofPolicy(markdown, 'keeps')[0]).toBe('10.0 ± 5.0 %')
  })

  test('[LA92] the figures of each measure are those of the runs', async () => {
    const results = filled(plan, ({ policy }) =>
      policy === 'keeps'
        ? {
            lost: 4,
            overruled: 3,
            misplaced: 6,
            untold: 25,
            invented: 7,
            startLost: 9,
            deletions: 8,
            ghosts: 2,
            doubled: 1,
            conflictsShown: 5,
            distance: 0.25,
            interleaving: 0.5,
            invariants: { 'title as written': 2 },
          }
        : {},
    )
    const input = { ...plan, results }
    const of = async (id: string): Promise<readonly string[]> =>
      ofPolicy((await cellsOf(input, id)).markdown, 'keeps').map((cell) => cell.replace(/▲ |\\/, ''))
    expect(await of('effects')).toEqual(['4.0 %', '3.0 %', '96.0 %', '6.0 %', '20.0 %', '+4.0'])
    expect(await of('values')).toEqual(['4.0 %', '3.0 %', '7.0 %'])
    expect(await of('side-effects')).toEqual(['10.0', '25.0 %', '5.0', '35.0', '45.0', '25.0'])
    expect(await of('broken')).toEqual(['100 %', '100 %', '100 %'])
    expect(await of('broken-cases')).toEqual(['100 %'])
    expect(await of('distance')).toEqual(['25.0 %', '25.0 %', '25.0 %'])
    expect(await of('interleaving')).toEqual(['0.50', '0.50', '0.50'])
    expect(await of('cost')).toEqual(['10 B', '20 B', '12.3 kB', '1.5 s', '1.5 min'])
    const { markdown } = await cellsOf(input, 'invariants')
    expect(markdown[0]).toEqual(['`shop`', 'title as written', '33.3 %', '0'])
  })

  test('[LA92] a recorded session is told as it was played, with whom it is owed to', async () => {
    const { markdown } = await cellsOf(full, 'recorded')
    expect(ofPolicy(markdown, 'lww-field-hlc')).toEqual([
      ...['▲ 9,490 of 23,076', '▲ 41.1 %', '▲ 211', '0', '0', '12,798', '1.2 kB'],
    ])
    const text = (await report(full)).markdown
    expect(text).toContain('a review of a television episode, by two people at once; recorded by Joseph Gentle')
    expect(text).toContain('CC BY 4.0')
    expect(text).toContain('the share of the 21,362 characters of the recording’s final text')
  })

  test('[LA93] tells the reader what nothing lost leaves possible, and what was lost', async () => {
    const { markdown } = await report(full)
    // 3 workloads × 4 conditions × 5 seeds × 100 effects: 3 / 6,000.
    expect(markdown).toContain(
      '- `merges`, which merges each field by its kind, lost none of 6,000 effects, overruled 0, misplaced nothing, brought nothing back, doubled nothing, invented nothing and broke no invariant: with 95 % confidence fewer than 0.050 % of them are lost, per effect and as if effects were independent, and something in fewer than 3 of 60 runs (5.0 %)',
    )
    expect(markdown).toContain(
      '- Of the effects in the apps, `lww-field-hlc` lost 30.0 ± 19.7 % and overruled 0 under `online`, 30.0 ± 19.7 % and overruled 0 under `minutes`, and',
    )
    expect(markdown).toContain(
      '`merges` lost nothing in any run; of the effects in the apps under `minutes`, `lww-field-hlc` lost 30.0 ± 19.7 % and `lww-record-clock` lost 30.0 ± 19.7 %.',
    )
    expect(markdown).toContain(
      '`lww-field-hlc` lost 41.1 % of the final text, a second a transaction in the order of the file (with right clocks and everybody typing at once, a transaction a second each, lww-field-hlc loses 24.6 %); `merges` lost nothing and brought nothing back.',
    )
    const results = filled(plan, ({ seed }) => ({ lost: seed === 1 ? 1 : 0, ghosts: 1 }))
    const losing = (await report({ ...plan, results })).markdown
    expect(losing).toContain(
      '`merges`, which merges each field by its kind, lost 12 of 6,000 effects, overruled 0, misplaced nothing, had 60 ghosts, doubled nothing, invented nothing and broke no invariant. (',
    )
  })

  test('[LA93] policies that merge are told of with effects of their own, together where the same holds', async () => {
    const engines = [policy('one', { form: 'merging' }), policy('other', { form: 'merging' })]
    const two = { ...plan, policies: engines }
    const same = (await report({ ...two, results: filled(two) })).markdown
    expect(same).toContain('- `one` and `other`, which merge each field by its kind, each lost none of 6,000 effects, ')
    const results = filled(two, (cell) => (cell.policy === 'one' ? { overruled: 1 } : {}))
    expect((await report({ ...two, results })).markdown).toMatch(
      /- `one`, which .* 6,000 effects, overruled 60, .*\n- `other`, which .* 6,000 effects, overruled 0, /,
    )
  })

  test('[LA93] conditions are compared only where the dial differs of which the sentence speaks', async () => {
    const input = (skewMs: readonly number[]): ReportInput => ({
      ...plan,
      conditions: skewMs.map((skewMs, nth) => conditions(`c${nth}`, { skewMs, apartMs: hour })),
    })
    const told = async (skewMs: readonly number[]): Promise<string> => {
      const some = input(skewMs)
      return (await report({ ...some, results: filled(some, lostBySeed([10, 20, 30, 40, 50])) })).markdown
    }
    const alike = await told([300_000, 300_000, 300_000])
    expect(alike).not.toMatch(/With clocks wrong|## Wrong clocks/)
    expect(alike.match(/lost 30\.0 ± 19\.7 % and overruled 0 under/g)).toHaveLength(2)
    expect(plainSpaces(await told([0, 300_000, 300_000]))).toContain(
      'With clocks wrong by up to 5 min (`c1`) instead of right ones (`c0`), the share that is lost went of `lww-record-clock` from',
    )
  })

  test('[LA93] drawings of policies have all conditions, or say which not and where those are', async () => {
    const named = (count: number): ReportInput => ({
      ...plan,
      conditions: Array.from({ length: count }, (_, i) => conditions(`c${i}`, { devices: 2 + i })),
    })
    const captionOf = async (input: ReportInput): Promise<string> =>
      (await report({ ...input, results: filled(input, lostBySeed([10, 20, 30, 40, 50])) })).markdown
    expect(await captionOf(named(9))).toContain('under the conditions c0, c1, c2, c3, c4, c5, c6, c7, c8: keeps.')
    expect(await captionOf(named(11))).toMatch(/\[Table \d+\]\(#lost-by-conditions\) has what is not drawn: c9, c10\./)
  })

  test('[LA92] a session of one author says on how many devices it is written', async () => {
    const turns = played.map((each) => ({ ...each, turn: 100 }))
    const { markdown } = await report({ ...empty, policies: plan.policies, sessions: turns })
    expect(markdown).toContain(
      '1 author, on 2 devices, 26,078 transactions. One person wrote this. Here it is written by turns of 100 transactions',
    )
    expect((await report(full)).markdown).not.toContain('One person wrote this')
  })

  test('[LA92] policies of which every figure is alike are named, and no others', async () => {
    const results = filled(plan, ({ policy, workload, seed }) => ({
      overruled: policy === 'merges' || (policy === 'keeps' && workload === 'counts' && seed === 5) ? 1 : 0,
    }))
    const { markdown } = await report({ ...plan, results })
    expect(markdown).toContain('\n`lww-field-hlc` and `lww-record-clock` came out alike in every figure of every run')
    expect(markdown.match(/came out alike/g)).toHaveLength(1)
  })

  test('[LA95] without an app what is told of apps is told of all workloads', async () => {
    const workloads = plan.workloads.slice(2)
    const results = filled({ ...plan, workloads }, lostBySeed([10, 20, 30, 40, 50]))
    const { markdown, figures } = await report({ ...plan, workloads, results })
    expect(markdown).toContain('Of the effects in the workloads, `lww-field-hlc` lost 30.0 ± 19.7 %')
    expect(markdown).not.toContain('the apps')
    expect(figures.length).toBeGreaterThanOrEqual(3)
  })

  test('[LA94] the best of a column is bold, the worst has a sign, and where all are equal none has either', async () => {
    const lost: Record<string, number> = { 'merges': 0, 'keeps': 5, 'lww-field-hlc': 5, 'lww-record-clock': 30 }
    const results = filled(plan, ({ policy, conditions }) => ({
      lost: conditions === 'online' ? 5 : conditions === 'hours' && policy !== 'merges' ? 30 : (lost[policy] ?? 0),
    }))
    const { html, markdown } = await cellsOf({ ...plan, results }, 'lost-by-conditions')
    expect(markdown.map((row) => row[1])).toEqual(['5.0 %', '5.0 %', '5.0 %', '5.0 %'])
    expect(markdown.map((row) => row[3])).toEqual(['**0**', '5.0 %', '5.0 %', '▲ 30.0 %'])
    expect(html.map((row) => row[3])).toEqual(['<strong>0</strong>', '5.0 %', '5.0 %', '▲ 30.0 %'])
    const retention = (await cellsOf({ ...plan, results }, 'effects')).markdown.map((row) => row[3])
    expect(retention).toEqual(['**100 %**', '95.0 %', '95.0 %', '▲ 70.0 %'])
    // Most of them have it: a sign that says nothing.
    const others = (await cellsOf({ ...plan, results }, 'lost-by-conditions-2')).markdown.map((row) => row[1])
    expect(others).toEqual(['**0**', '30.0 %', '30.0 %', '30.0 %'])
  })

  const one = { ...plan, seeds: [1] }

  test('[LA95] of one seed nothing is told over seeds, and it is said that there is one', async () => {
    const { markdown } = await report({ ...one, results: filled(one) })
    expect(markdown).toContain(' × 1 seed, ')
    expect(markdown).toContain('`keeps` lost nothing, overruled 0 under `minutes`, with one seed, and showed')
    expect(markdown).toContain('One seed.')
    expect(markdown).not.toMatch(/over (?:the )?seeds|Intervals/)
  })

  test('[LA95] recorded sessions alone are told without a word of runs', async () => {
    const { markdown } = await report({ ...empty, policies: plan.policies.slice(0, 3), sessions: played })
    expect(markdown).toContain('\n1 recorded session under 3 policies.\n\n- Of the recorded session')
    expect(markdown).not.toMatch(
      /## Method|## What this does not show|runs\.csv|\b0 (?:runs|workloads|seeds)|\*\*Seeds/,
    )
    expect(markdown).toContain('- **Recorded sessions** – are in `sessions.csv` and `runs.json`.')
  })

  test.for([
    ['nothing', empty],
    ['a plan without results', plan],
    ['one seed', { ...one, results: filled(one) }],
    ['one run', { ...plan, results: filled(plan).slice(0, 1) }],
    [
      'no effects and no edits',
      { ...plan, results: filled(plan, () => ({ effects: 0, edits: 0, cpuMs: 0, bytesUp: 0 })) },
    ],
    ['a workload that is no app', { ...plan, workloads: plan.workloads.slice(2), results: filled(plan) }],
    ['one policy', { ...plan, policies: [policy('merges')], results: filled(plan) }],
    ['a session alone', { ...empty, sessions: [session({ cpuMs: 0, transactions: 0, bytes: 0 })] }],
  ] as const)('[LA95] is made of %s, without a number that is none', async ([, input]) => {
    const { html, markdown, figures } = await report(input)
    for (const text of [html, markdown, ...figures.map(({ svg }) => svg)])
      expect(text.replaceAll(/<style>.*?<\/style>/gs, '')).not.toMatch(/NaN|Infinity|∞|undefined|null|\[object/)
    expect(markdown).toContain('# What each conflict policy loses')
  })

  test('[LA96] equal results give equal bytes, in whatever order they come', async () => {
    const once = await report(full)
    expect(await report({ ...full, results: full.results.toReversed() })).toEqual(once)
    expect(await report({ ...full, results: full.results.toSorted((a, b) => (a.policy < b.policy ? 1 : -1)) })).toEqual(
      once,
    )
  })

  test('[LA96] only the last section knows the processor time', async () => {
    const slow = full.results.map((run, i) => ({ ...run, cpuMs: run.cpuMs * (1 + i) }))
    const [one, other] = [await report(full), await report({ ...full, results: slow })]
    const before = (text: string): string => text.slice(0, text.search(/(?:<h2>|## )Processor time/))
    expect(before(one.markdown).length).toBeGreaterThan(5_000)
    expect(before(one.markdown)).toBe(before(other.markdown))
    expect(before(one.html)).toBe(before(other.html))
    expect(one.figures).toEqual(other.figures)
    expect(one.markdown).not.toBe(other.markdown)
  })

  test('[LA97] Markdown begins with the command, and no table of it has more than eight columns', async () => {
    const many = { ...full, conditions: Array.from({ length: 20 }, (_, i) => conditions(`c${i}`, { apartMs: i })) }
    const { markdown } = await report({ ...many, results: filled(many) })
    expect(markdown.split('\n')[0]).toBe('`the command`')
    const rulers = markdown.split('\n').filter((line) => /^\| [:-]/.test(line))
    expect(rulers.length).toBeGreaterThan(12)
    for (const ruler of rulers) expect(ruler.split('|').length - 2).toBeLessThanOrEqual(8)
    // All of the twenty are there, three in a table, each with what was lost and overruled.
    const heads = markdown.split('\n').filter((line) => line.startsWith('| policy | lost, c'))
    expect(heads.flatMap((line) => line.match(/(?<=lost, )c\d+/g) ?? [])).toEqual(
      many.conditions.map(({ name }) => name),
    )
  })

  test('[LA98] each drawing of the Markdown is a file that stands alone on its own ground', async () => {
    const { html, markdown, figures } = await report(full)
    const named = [...markdown.matchAll(/!\[[^\]]*\]\(figures\/([\w-]+)\.svg\)/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThanOrEqual(3)
    expect(figures.map(({ name }) => name)).toEqual(named)
    expect(parseHTML(html).document.querySelectorAll('.figures svg')).toHaveLength(named.length)
    for (const { svg } of figures) {
      expect(svg).toMatch(
        /^<svg [^>]*><style>svg \{ [^}]*--ground: #ffffff;[^}]*\}\n@media \(prefers-color-scheme: dark\)/,
      )
      expect(svg).toMatch(/<rect x="-12" y="-12" width="100%" height="100%" fill="var\(--ground\)"\/>/)
    }
  })

  test('[LA81] names with markup in them show as text in both forms', async () => {
    const hostile = '<script>alert(1)</script>|`x`_*&amp;[y](z)'
    const input: ReportInput = {
      ...plan,
      command: hostile,
      policies: [policy(hostile, { about: hostile }), policy('merges', { form: 'merging' })],
      workloads: [workload(hostile, { about: hostile, invariants: [{ name: hostile }] })],
      sessions: [session({ policy: hostile, trace: hostile })],
    }
    const { html, markdown, figures } = await report({
      ...input,
      results: filled(input, ({ policy }) =>
        policy === hostile ? { lost: 1, invariants: { [hostile]: 1 }, convergent: false } : {},
      ),
    })
    expect(parseHTML(html).document.querySelectorAll('script')).toHaveLength(0)
    for (const { svg } of figures) expect(svg).not.toContain('<script')
    const outsideCode = markdown.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '').replaceAll(/<a id="[\w-]+"><\/a>/g, '')
    expect(outsideCode).not.toMatch(/(?<!\\)<script/)
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'))
    const tables = markdown.split(/\n(?!\|)/).filter((part) => part.startsWith('|'))
    expect(rows.length).toBeGreaterThan(30)
    for (const table of tables)
      expect(new Set(table.split('\n').map((row) => row.match(/(?<!\\)\|/g)?.length)).size, table).toBe(1)
  })
})
