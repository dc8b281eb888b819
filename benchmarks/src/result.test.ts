import { expect, test } from 'vitest'
import { around, benchOf, caseOf, contestant, resultOf } from './made-up.ts'
import { parseResult } from './result.ts'

const whole = resultOf(
  [
    benchOf(
      'b',
      [
        caseOf(
          'c',
          [contestant('ours', around(2), { settings: 'as documented', costs: { MB: 2 }, figures: { B: 1 } })],
          {
            size: 5,
            marks: [{ reached: true, what: 'w', value: 1, bounds: '≤ 1', wall: 2, spread: around(1) }],
          },
        ),
      ],
      { ours: { exponent: 1, low: 0.5, high: 1.5 } },
    ),
  ],
  { failures: [{ bench: 'x', sentence: 'why' }] },
)

test('a result is read as it was written', () => {
  expect(parseResult(JSON.stringify(whole))).toEqual(whole)
})

test('what is no number is none again', () => {
  const read = parseResult(
    JSON.stringify(resultOf([benchOf('b', [caseOf('c', [contestant('n', around(Number.NaN))])])])),
  )
  expect(read.benches[0]?.cases[0]?.contestants[1]?.ratio.median).toBeNaN()
})

test('what is no result is refused, with the place that shows it', () => {
  const broken = (change: (result: Record<string, unknown>) => void): (() => unknown) => {
    const result = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>
    change(result)
    return () => parseResult(JSON.stringify(result))
  }
  expect(() => parseResult('{')).toThrow('it is not JSON')
  expect(() => parseResult('[]')).toThrow('it is not an object')
  expect(() => parseResult('{}')).toThrow('“format” of it is not “rejoin benchmarks 1”')
  expect(broken((result) => (result['seed'] = '1'))).toThrow('“seed” of it is not a number')
  expect(broken((result) => (result['benches'] = [{}]))).toThrow('“name” of number 1 of “benches” of it is not a text')
  expect(broken((result) => (result['fingerprint'] = { cpu: [] }))).toThrow(
    '“cpu” of “fingerprint” of it is not a number',
  )
})
