import { fragile, otherEngine } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'
import { foldAll } from './answers.ts'
import type { FoldAnswer } from './answers.ts'

test('[SE99] once an engine has failed over a document nothing more is read in the thread, wherever it failed', async () => {
  const document = otherEngine(yjs).create()
  document.setClient(1)
  const update = document.transact(() => document.text.insert(0, 'text'))
  const sound = update === undefined ? [] : [update]
  let calls = 0
  for (let answers: readonly FoldAnswer[] = []; answers.length < 3; calls++) {
    const { engine, fail } = fragile(otherEngine(yjs))
    fail(calls)
    const given: FoldAnswer[] = []
    await foldAll(
      [sound, sound, sound],
      async () => engine,
      (answer) => given.push(answer),
    )
    answers = given
    expect(given.slice(0, -1).every(({ folded, isSpent }) => folded.ok && !isSpent)).toBe(true)
    const last = given.at(-1)
    if (last?.isSpent === true)
      expect(last.folded).toEqual({
        ok: false,
        error: { kind: 'undecodable', message: 'The engine other-engine failed over it.' },
      })
  }
  expect(calls).toBeGreaterThan(20)
})
