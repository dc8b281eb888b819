import { noStamp } from '@rejoin/base'
import { expect, test } from 'vitest'
import type { Sent } from './copy.ts'
import { Post } from './post.ts'

const sent: Sent = { update: { encoding: 'other', bytes: new Uint8Array([1]) }, stamp: noStamp }

test('[LA58] what all have fetched is not kept', () => {
  const post = new Post(2)
  post.put(0, sent)
  post.put(1, sent)
  expect([post.fetch(0), post.fetch(0), post.fetch(0)]).toEqual([sent, sent, undefined])
  expect([post.fetch(1), post.fetch(2)]).toEqual([sent, undefined])
  expect(post.waiting).toBe(1)
})

test('[LA58] what nobody is to have is not kept', () => {
  const post = new Post(0)
  post.put(0, sent)
  expect(post.waiting).toBe(0)
})
