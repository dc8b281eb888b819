import { expect, test } from 'vitest'
import { AnswerWatch } from './answer-watch.ts'

test('[CL12] what stays unanswered is overdue after one to two periods, what is asked again begins anew, and an idle watch has no timer', () => {
  const timers: (() => void)[] = []
  const overdue: string[] = []
  const watch = new AnswerWatch({ after: (_ms, fire) => (timers.push(fire), () => timers.splice(0)) }, 30_000, (what) =>
    overdue.push(what),
  )
  const turn = (): void => timers.shift()?.()
  watch.asked('a')
  watch.asked('b')
  watch.answered('b')
  turn()
  watch.asked('a')
  turn()
  expect(overdue).toEqual([])
  watch.asked('c')
  turn()
  expect(overdue).toEqual(['a'])
  expect(timers).toEqual([])
  watch.asked('d')
  watch.answered('d')
  turn()
  expect([overdue, timers]).toEqual([['a'], []])
  watch.asked('e')
  watch.clear()
  expect(timers).toEqual([])
})
