import { assumed, either, oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { advance, append, change, deleteIt, rename, toggle, vote } from './deeds.ts'
import { asPutAndTaken, latestVotes, neverBack, noLineLost, staysDeleted } from './invariants.ts'
import type { Workload } from './workload.ts'

const steps = ['sending', 'sent', 'delivered', 'read']
const members = ['ana', 'ben', 'caro', 'dai', 'eve', 'fred', 'gil', 'hana']
const conversations = 5
const composing =
  "Chat: background synchronization, 'Basic Functionality' (that it is done offline); how often is our assumption"

const acts: readonly Act[] = [
  { name: 'writes a message', weight: 50, source: composing, to: 'conversations', does: append('messages') },
  {
    name: 'reads a message, or answers it with a reaction',
    weight: 25,
    source: assumed('a message is read by more people than write'),
    to: 'messages',
    does: advance('status', steps, vote('reactions')),
  },
  {
    name: 'reacts to a message',
    weight: 12,
    source: assumed('one message of four'),
    to: 'messages',
    does: vote('reactions'),
  },
  { name: 'names a conversation', weight: 2, source: assumed('rarely'), to: 'conversations', does: rename('title') },
  {
    name: 'lets somebody in, or out',
    weight: 5,
    source: assumed('groups change while they are young'),
    to: 'conversations',
    does: toggle('members', members),
  },
  { name: 'deletes a message', weight: 1, source: assumed('one of fifty'), to: 'messages', does: deleteIt },
  {
    name: 'changes a setting',
    weight: 5,
    source: assumed('mostly which conversations are silent'),
    to: 'settings',
    does: either(
      0.3,
      change('theme', ['light', 'dark', 'system']),
      toggle(
        'silent',
        Array.from({ length: conversations }, (_, nth) => `conversations-${nth}`),
      ),
    ),
  },
]

export const chat: Workload = {
  name: 'chat',
  about: 'People write to each other, react to messages and read them, on the way and at home.',
  parameters: [
    ...weightsOf(acts),
    { name: 'conversations', value: conversations, source: assumed('the ones somebody uses on one day') },
    { name: 'messages with a status', value: 24, source: assumed('the newest ones, which are on the screen') },
    {
      name: 'steps of a message',
      value: steps.join(', '),
      source: assumed('the document has optimistic messages, and names no steps; these are the usual ones'),
    },
  ],
  entities: {
    conversations: {
      shape: { title: { kind: 'value' }, members: { kind: 'set' }, messages: { kind: 'log' } },
      count: conversations,
      start: ({ name }) => [
        { do: 'set', field: 'title', value: name('title') },
        ...members.slice(0, 4).map((element) => ({ do: 'put', field: 'members', element }) as const),
      ],
    },
    messages: {
      shape: { status: { kind: 'status', steps }, reactions: { kind: 'votes' } },
      count: 24,
      start: () => [{ do: 'set', field: 'status', value: 'sending' }],
    },
    settings: {
      shape: { theme: { kind: 'value' }, silent: { kind: 'set' } },
      count: 2,
      start: () => [{ do: 'set', field: 'theme', value: 'system' }],
    },
  },
  act: oneOf(acts),
  invariants: [
    noLineLost({ name: 'no message lost', of: 'conversations', field: 'messages' }),
    asPutAndTaken({ name: 'members as let in and out', of: 'conversations', field: 'members' }),
    neverBack({ name: 'status of a message never goes back', of: 'messages', field: 'status' }, steps),
    latestVotes({ name: 'one reaction a user, the latest', of: 'messages', field: 'reactions' }),
    staysDeleted('deleted message stays deleted', 'messages'),
  ],
}
