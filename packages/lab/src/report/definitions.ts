import type { Text } from '../page/index.ts'

/** Of the measures; the rules LA1 to LA18 of SPEC.md, which bind, shortened. Those that name no source are defined here. */
export const definitions: readonly (readonly [name: string, meaning: Text])[] = [
  [
    'concurrent',
    'Two edits of which neither saw the other: an edit saw another if its author’s device had that one when it was made.',
  ],
  [
    'effects',
    'What was set, added, put, placed, moved, appended, voted and typed, as far as it can be told what became of it. Every edit has been acknowledged by the end.',
  ],
  [
    'lost',
    'Effects that are missing although nobody who saw them replaced or removed them, and nothing concurrent stands instead. Of a conflict that is shown all versions are there; of what was typed at once all is lost if one symbol is missing; a status is lost if one before it is shown. (The lost update of Berenson et al., “A Critique of ANSI SQL Isolation Levels”, SIGMOD 1995, told at the end of a history; for sets what the set tests of Jepsen count, Kingsbury 2013.)',
  ],
  ['retention', '1 − lost / effects.'],
  [
    'misplaced',
    'Effects that are there, but in an order that nobody can have seen: what was typed at once is not in its order or not beside its neighbours, a line is before one that its author saw, an item that nobody moved is not beside its neighbours. Not lost.',
  ],
  [
    'overruled',
    'Effects instead of which something concurrent stands, or which somebody removed concurrently: a single value has room for one. No rule could keep both, so these are told apart from the lost.',
  ],
  [
    'ghosts',
    'What is there although, each time that it was put there, somebody who saw that removed it: elements, items, symbols and whole entities that were deleted.',
  ],
  ['doubled', 'What is there more than once, once for each time too many, and what a counter has too much.'],
  ['invented', 'What is there and nobody ever wrote, once however often it is there. No policy should.'],
  [
    'untold',
    'What was done of which nobody can tell what became of it: no effects. Told as a share of it and the effects together.',
  ],
  [
    'lost of the start',
    'Of what was there when people began, what is missing although nobody took it, or is in a wrong order. It counts neither as effects nor as edits.',
  ],
  [
    'invariants broken',
    'What must hold of an entity in the words of the app, and does not at the end; of statuses also what any device showed on the way. It asks for nothing that no policy can know.',
  ],
  ['conflicts shown', 'Sets of versions that were shown to people as a conflict, each set once.'],
  [
    'distance',
    'Insertions and deletions that lead from the texts and orders that are shown to what would stand had all been done on one device in the order of true time, divided by the length of that. (Merge quality as the work that is left to people, after Ahmed-Nacer, Urso and Charoy, “Improving Textual Merge Result”, 2013.)',
  ],
  [
    'interleaving',
    'At places of a text where several typed concurrently: 0 where what each wrote stands together, 1 where no two symbols of one author do. (Kleppmann, Gomes, Mulligan and Beresford, “Interleaving anomalies in collaborative text editors”, 2019; Weidner and Kleppmann, “The Art of the Fugue”, 2023.)',
  ],
  [
    'up, down, kept, sent',
    'Bytes of updates, without what a protocol adds: what all devices together send for each edit, what they get for it, and what one device keeps at the end; of a recorded session, what its authors send.',
  ],
  [
    'processor time',
    'Of the thread that plays a run, from its begin to its end, the simulation included; told as a multiple only.',
  ],
  ['staleness', 'How long an edit takes to another device, from when it was made; time offline included.'],
  ['convergent', 'At the end, when everybody has everything, all devices show the same of every entity.'],
]
