import { expect, test } from 'vitest'
import { benchPage } from './bench-page.ts'
import { around, benchOf, caseOf, contestant, resultOf } from './made-up.ts'

const hostile = '<script>alert(1)</script>'

const sized = (size: number) =>
  caseOf(`runs of ${size}`, [contestant(hostile, around(2), { figures: { B: 12 }, cpuMs: around(size) })], {
    size,
    count: size,
  })

const result = resultOf(
  [
    benchOf('squash', [10, 100, 1000].map(sized), { [hostile]: { exponent: 1, low: 0.9, high: 1.1 } }),
    benchOf('weight', [
      caseOf('once', [contestant('ours', around(Number.NaN))], {
        rounds: 1,
        marks: [{ reached: false, what: 'ours, B', value: 3, bounds: '≤ 2' }],
      }),
    ]),
  ],
  { quick: true },
)

test('the page has bars for each case, its table, its marks in words, the growth and the machine', async () => {
  const page = await benchPage(result, {})
  // Growth, and for each of three cases the time and the bytes.
  expect(page.match(/<svg /g)).toHaveLength(1 + 3 * 2)
  expect(page.match(/<table>/g)).toHaveLength(4)
  expect(page).toContain('<strong>missed</strong> <span>ours, B: 3; mark: ≤\u00a02</span>')
  expect(page).toContain('1.00 (0.90 to 1.10)')
  expect(page).toContain('<dt>cpu</dt><dd>a processor</dd>')
  expect(page).toContain('<dt>fdatasync, median, µs</dt><dd>100</dd>')
  expect(page).toContain('0 of 1 marks are reached')
  expect(page).toContain('This is a quick run')
})

test('and nothing that is no number, no script and no request', async () => {
  const page = await benchPage(result, {})
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
  expect(page).not.toContain('<script')
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
})

test('a comparison and gates have sections of their own', async () => {
  const page = await benchPage(result, {
    comparison: { warnings: ['Beware of this.'], findings: [{ kind: 'failed', sentence: 'It grows.' }] },
    gates: [{ reached: false, sentence: 'too much' }],
  })
  expect(page).toContain('Beware of this.')
  expect(page).toContain('<strong>Failed:</strong> It grows.')
  expect(page).toContain('<strong>missed</strong> <span>too much</span>')
})
