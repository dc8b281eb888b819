import assert from 'node:assert/strict'
import type { Timers } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { EntityHandle, Link, LinkEvents } from '@rejoin/client'
import type { Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { decodeClientFrame, defaultLimits, encodeServerFrame, protocolVersion } from '@rejoin/protocol'
import type { ServerFrame } from '@rejoin/protocol'
import { notes } from './author-session.ts'
import { noteId, openNote } from './note.ts'
import { declarations, rangesOf, tokenAt } from './range-frames.ts'

/** A whole replica in memory with an empty note open; this program is its server, so that no network is in its time. */
export interface FedReplica extends AsyncDisposable {
  readonly note: EntityHandle<typeof notes>
  receive(frame: Uint8Array): void
}

/** How many entries of the log it has: those that made the note. Ranges go on from here. */
export const fedFirst = 1

export async function openFedReplica(): Promise<FedReplica> {
  const server = serverHere()
  const rejoin = await openRejoin({
    collections: { notes },
    spaces: { default: 'fed' },
    user: 'reader',
    server: 'ws://here',
    ports: { transport: { connect: server.connect }, timers: atOnce },
  })
  await server.subscribed
  for (const frame of [...declarations, ...rangesOf([creation()], fedFirst, 0, 'registers').flat()]) server.say(frame)
  await rejoin.flushed()
  const note = await rejoin.notes.open(noteId)
  assert(note !== undefined)
  return {
    note,
    receive: server.say,
    async [Symbol.asyncDispose]() {
      await note.close()
      await rejoin.close()
    },
  }
}

function creation(): Update {
  const [made] = openNote(yjs).create({}).updates
  assert(made !== undefined)
  return made.update
}

/** No wait is in the time: what is due soon, such as a group commit, is due at once; what watches over others, never. */
const atOnce: Timers = {
  after(delayMs, fire) {
    let due = delayMs < 100
    if (due) queueMicrotask(() => due && fire())
    return () => void (due = false)
  },
}

interface ServerHere {
  connect(url: string, events: LinkEvents): Link
  readonly subscribed: Promise<void>
  say(frame: Uint8Array): void
}

/** Welcomes whoever comes and takes the subscription; the rest is said for it. */
function serverHere(): ServerHere {
  const { promise: subscribed, resolve } = Promise.withResolvers<void>()
  let client: LinkEvents | undefined
  const say = (frame: Uint8Array): void => client?.received(frame)
  const tell = (frame: ServerFrame): void => say(encodeServerFrame(frame))
  const answer = (bytes: Uint8Array): void => {
    const frame = decodeClientFrame(bytes)
    assert(frame.ok)
    if (frame.value.kind === 'hello') tell(welcome)
    if (frame.value.kind !== 'subscribe') return
    tell({ kind: 'subscribed', stream: frame.value.stream, verdict: 'continue', head: tokenAt(0) })
    resolve()
  }
  return {
    subscribed,
    say,
    connect(_url, events) {
      client = events
      queueMicrotask(() => events.opened())
      return { send: answer, close: () => undefined, buffered: () => 0 }
    },
  }
}

const welcome: ServerFrame = {
  kind: 'welcome',
  protocol: protocolVersion,
  session: '5e'.repeat(16),
  clockMs: Date.UTC(2026, 10, 20),
  limits: defaultLimits,
  level: false,
}
