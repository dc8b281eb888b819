import pc from 'picocolors'
import { describe, expect, test, vi } from 'vitest'
import type { Terminal } from '../platform/terminal.ts'
import type { Figures } from './figures.ts'
import { createProgress } from './progress.ts'
import { renderReport } from './report.ts'

const colors = pc.createColors(false)
const figures: Figures = {
  trace: 'automerge-paper',
  engine: 'yjs',
  transactions: 259_778,
  seconds: 61.25,
  transactionsPerSecond: 5000,
  rawYjsTransactionsPerSecond: 20_000,
  entriesAcked: 1324,
  bytesUp: 350_000,
  bytesDown: 120_000,
  rawUpdateBytes: 14_735_019,
  cuts: 2,
  kills: 1,
  unackedAtKills: [1501],
  madeOffline: 146_734,
  catchUpMs: 200,
  rawApplyMs: 50,
  serverRssMb: 80.13,
  textMatches: true,
  countersExact: true,
  hashesEqual: true,
  outboxesEmpty: true,
  exactlyOnce: true,
  ok: true,
  commentsExact: true,
  serverKills: 1,
  unackedAtServerKills: [2000],
  unackedAtCuts: [1888, 874],
  seed: 1,
  failures: [],
}

describe('the report', () => {
  test('[RE22] a table with the ratios, each check, and a clear verdict', () => {
    const text = renderReport(figures, colors)
    expect(text).toMatch(/automerge-paper, 259,778 transactions, seed 1/)
    expect(text).toMatch(/5,000 transactions\/s on disk; bare Yjs in memory 20,000\/s \(25\.0 %\)/)
    expect(text).toMatch(/350\.0 kB; bare updates 14\.74 MB \(0\.02 ×\)/)
    expect(text).toMatch(/200 ms to join; bare Yjs applies the same in 50 ms \(4\.00 ×\)/)
    expect(text).toMatch(/1,888 · 874; written offline: 146,734/)
    expect(text.match(/^ {2}✓ /gm)).toHaveLength(6)
    expect(text).toMatch(/\n✓ Everything that was promised held\.\n$/)
  })

  test('[RE22] what failed is marked and said in sentences', () => {
    const text = renderReport(
      {
        ...figures,
        ok: false,
        countersExact: false,
        failures: ['The counter of the joiner is 1 minutes instead of 2.'],
      },
      colors,
    )
    expect(text).toMatch(/ {2}✗ the counters are exact\n/)
    expect(text).toMatch(
      /✗ Not everything that was promised held:\n {2}- The counter of the joiner is 1 minutes instead of 2\.\n$/,
    )
  })

  test('[RE24] a kill with few writes without an ack is explained where it is waived', () => {
    const waived = /SIGKILL|waived/
    expect(renderReport(figures, colors)).not.toMatch(waived)
    expect(renderReport({ ...figures, transactions: 3000 }, colors)).not.toMatch(waived)
    expect(renderReport({ ...figures, unackedAtKills: [7], ok: false }, colors)).not.toMatch(waived)
    expect(renderReport({ ...figures, transactions: 3000, unackedAtKills: [7] }, colors)).toMatch(
      /kills of the author +1; unacknowledged at each: 7 \(at least 100 is waived: fewer than 10,000 transactions, 5,000 for each kill\)\n/,
    )
  })
})

describe('the progress', () => {
  const terminal = (live: boolean): Terminal & { readonly said: () => string } => {
    let text = ''
    return { out: () => undefined, err: (more) => void (text += more), live, columns: 200, colors, said: () => text }
  }

  test('[RE22] events are lines of their own, with what was unacknowledged', () => {
    const plain = terminal(false)
    const progress = createProgress(plain, 1000)
    progress.cut({ kind: 'cut', index: 0, position: 1200, unacked: 7 })
    progress.rejoined({ kind: 'rejoined', index: 0, position: 1300, pending: 207 })
    progress.killed('author', 1400, 150)
    progress.restarted('author', 1390)
    progress.killed('server', 1500, 120)
    progress.restarted('server', 1600)
    progress.end()
    expect(plain.said().split('\n')).toEqual([
      "Cut 1: the author's link is down from transaction 1,200, 7 writes unacknowledged.",
      'Cut 1: the link is back at transaction 1,300, 207 writes wait.',
      'SIGKILL to the author at transaction 1,400, 150 writes unacknowledged.',
      'The author is back and goes on after transaction 1,390.',
      'SIGKILL to the server at transaction 1,500, 120 writes unacknowledged.',
      'The server is back.',
      '',
    ])
  })

  test.each([
    [true, /█{12}░{12} {2}50\.0 % · 500 transactions · \d+\/s · 20 pending · offline$/],
    [false, /^ 50\.0 % · 500 transactions · \d+\/s · 20 pending · offline\n$/],
  ])('[RE22] on a terminal (%j) there is a bar, elsewhere a line every few seconds', (live, shape) => {
    vi.useFakeTimers()
    try {
      const shown = terminal(live)
      const progress = createProgress(shown, 1000)
      progress.progress({
        kind: 'progress',
        position: 500,
        durable: 500,
        pending: 20,
        online: false,
        bytesUp: 0,
        bytesDown: 0,
        madeOffline: 0,
      })
      vi.advanceTimersByTime(5000)
      expect(shown.said()).toMatch(shape)
      progress.end()
    } finally {
      vi.useRealTimers()
    }
  })
})
