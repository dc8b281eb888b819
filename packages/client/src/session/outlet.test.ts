import { expect, test } from 'vitest'
import { Outlet } from './outlet.ts'

/** A link whose time passes when the next timer goes off. */
function bench(perSecond: number): { outlet: Outlet; sent: number[]; pass: () => boolean; now: () => number } {
  const sent: number[] = []
  let nowMs = 0
  let timer: { at: number; fire: () => void } | undefined
  const after = (ms: number, fire: () => void): (() => void) => {
    const mine = { at: nowMs + ms, fire }
    timer = mine
    return () => {
      if (timer === mine) timer = undefined
    }
  }
  const pass = (): boolean => {
    if (timer === undefined) return false
    const { at, fire } = timer
    timer = undefined
    nowMs = at
    fire()
    return true
  }
  const link = { send: (frame: Uint8Array) => void sent.push(frame[0] ?? 0), close: () => undefined, buffered: () => 0 }
  const outlet = new Outlet({ link, timers: { after }, elapsed: () => nowMs, sent: () => undefined }, perSecond)
  return { outlet, sent, pass, now: () => nowMs }
}

test('[CL73] frames leave in order, and no faster than the server takes them', () => {
  const { outlet, sent, pass, now } = bench(10)
  for (let i = 0; i < 150; i++) outlet.send(Uint8Array.of(i))
  expect(sent).toHaveLength(50)
  let idle = 0
  outlet.whenIdle(() => (idle = now()))
  for (; pass();) expect(sent.length).toBeLessThanOrEqual(50 + now() / 100)
  expect(sent).toEqual(Array.from({ length: 150 }, (_, i) => i))
  expect(idle).toBe(now())
  expect(now()).toBeLessThan(11_000)
})

test('[CL73] nothing leaves after the end', () => {
  const { outlet, sent, pass } = bench(10)
  for (let i = 0; i < 60; i++) outlet.send(Uint8Array.of(i))
  outlet.close()
  expect(pass()).toBe(false)
  outlet.send(Uint8Array.of(60))
  expect(sent).toHaveLength(50)
})
