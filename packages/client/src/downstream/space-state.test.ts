import { spaceId } from '@rejoin/base'
import { emptyToken, encodeToken, interestIn } from '@rejoin/protocol'
import type { Token } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { judgeRange, newStream, SpaceState } from './space-state.ts'

const tokenAt = (seq: number, epoch = 'a'): Token =>
  encodeToken({ epoch: epoch.repeat(32), seq, hash: new Uint8Array(16), mac: new Uint8Array(16) })

const stateWith = (...tokens: readonly Token[]): SpaceState => {
  const cursors = tokens.map((token, i) => ({ interest: interestIn([`c${i}`]), token }))
  const state = new SpaceState(spaceId('course-7'), { kind: 'course', seen: emptyToken, cursors })
  for (const [number, stream] of state.streams.entries()) stream.number = number
  return state
}

describe('what is known of a space', () => {
  test('[CL30] a space is level when every stream is durably at the greatest head, and the server has been heard', () => {
    const state = stateWith(tokenAt(5))
    expect(state.level).toBe(false)
    state.linked = true
    state.see(tokenAt(5))
    expect(state.level).toBe(true)
    const [stream] = state.streams
    state.see(tokenAt(6))
    if (stream !== undefined) stream.token = tokenAt(6)
    expect(state.level).toBe(false)
    if (stream !== undefined) stream.durable = tokenAt(6)
    expect(state.level).toBe(true)
    state.see(tokenAt(9, 'b'))
    expect(state.level).toBe(true)
    state.continued(tokenAt(9, 'b'))
    expect(state.level).toBe(false)
  })

  test('[CL31] a restart sends the stream to the beginning and takes the head of the new log', () => {
    const state = stateWith(tokenAt(5), tokenAt(5))
    const [first] = state.streams
    if (first !== undefined) state.restart(first, tokenAt(2, 'b'))
    expect(state.streams.map(({ token }) => token)).toEqual([emptyToken, tokenAt(5)])
    expect(state.seen).toEqual(tokenAt(2, 'b'))
  })

  test('[CL32] a range is applied once, and only behind what is here', () => {
    const stream = newStream(interestIn(['notes']), tokenAt(5))
    expect([
      judgeRange(stream, 0, tokenAt(5)),
      judgeRange(stream, 3, tokenAt(7)),
      judgeRange(stream, 6, tokenAt(7)),
    ]).toEqual(['known', 'next', 'lost'])
    expect(judgeRange(newStream(interestIn(['notes']), emptyToken), 0, tokenAt(0))).toBe('next')
  })

  test('[CL63] streams become one only when nothing of either is on its way to the disk', () => {
    const state = stateWith(tokenAt(5), tokenAt(5), tokenAt(4))
    const [, second] = state.streams
    if (second !== undefined) second.durable = tokenAt(4)
    expect(state.mergeLevel()).toEqual([])
    if (second !== undefined) second.durable = tokenAt(5)
    expect(state.mergeLevel().map(({ number }) => number)).toEqual([0, 1])
    expect(state.streams.map(({ interest, number }) => [interest.collections, number])).toEqual([
      [['c0', 'c1'], undefined],
      [['c2'], 2],
    ])
  })
})
