import type { DeletionRule } from '@rejoin/schema'
import { conflicts } from './settling.ts'
import { convergenceLaws, equalInTheEnd } from './convergence.ts'
import { lifeVerbs } from './history.ts'
import { intentionLaw } from './intention.ts'
import { entityLaw } from './law.ts'
import type { EntityLaw } from './law.ts'
import { lives } from './life.ts'
import { parts } from './parts.ts'
import { Undoing } from './undoing.ts'
import { scopeOf } from './scope.ts'
import * as subjects from './subjects/index.ts'

const everything = scopeOf(
  {
    ...subjects,
    lastWriteWinsOfOwner: subjects.lastWriteWins,
    counterOfOwner: subjects.counter,
    textOfOwner: subjects.text,
    maxOfServer: subjects.max,
    setOfServer: subjects.set,
    listOfServer: subjects.list,
  },
  { life: ['create', 'ensure', 'delete', 'undelete'], disorderly: true },
)

/** Doing marks again is for their editors. */
const { richText: _, ...withoutMarks } = subjects

const deletionRules: readonly DeletionRule[] = ['delete-wins', 'edit-wins']

/** What an entity promises on every engine. */
export const entityLaws: readonly EntityLaw[] = [
  ...convergenceLaws(everything),
  intentionLaw(
    '[DO193] of concurrent writes of a value the greatest stamp is shown, and all are there; what saw one replaces it',
    scopeOf({
      title: subjects.lastWriteWins,
      status: subjects.manual,
      sum: subjects.resolved,
      settings: subjects.map,
      answers: subjects.manualMap,
    }),
  ),
  intentionLaw(
    '[DO194] the first write stays: only a concurrent one of a lesser stamp comes before it',
    scopeOf({ first: subjects.firstWriteWins }),
  ),
  intentionLaw(
    '[DO195] the greatest, the least, and what stands last in the order is shown of all ever written, and never falls',
    scopeOf({ best: subjects.max, least: subjects.min, stage: subjects.order }),
  ),
  intentionLaw(
    '[DO196] a state is one of the last steps taken, and none that leads to another of them',
    scopeOf({ state: subjects.transitions }),
  ),
  intentionLaw('[DO197] what was added counts once', scopeOf({ minutes: subjects.counter })),
  intentionLaw(
    '[DO198] an element stands unless somebody removed it who had seen it added',
    scopeOf({ tags: subjects.set, seen: subjects.growSet }),
  ),
  intentionLaw(
    '[DO199] what was inserted and not deleted is there once, in the order that everybody saw',
    scopeOf({ body: subjects.text, steps: subjects.list }),
  ),
  intentionLaw(
    '[DO200] an item is in one place with its last value until somebody deletes it, in the order that everybody saw',
    scopeOf({ items: subjects.movableList }),
  ),
  intentionLaw(
    '[DO201] every node is shown once, under the last parent it was given or at the top',
    scopeOf({ outline: subjects.tree }),
  ),
  intentionLaw(
    '[DO202] what belongs to an owner or to the server is written by them alone, and merges among their devices',
    scopeOf({
      ratingOfOwner: subjects.lastWriteWins,
      scoreOfOwner: subjects.counter,
      noteOfOwner: subjects.text,
      gradeOfServer: subjects.max,
      checksOfServer: subjects.set,
    }),
    parts,
  ),
  ...deletionRules.map((deletion) =>
    intentionLaw(
      `[DO203] an entity is there by what was done to it, where ${deletion}`,
      scopeOf(
        { title: subjects.lastWriteWins, minutes: subjects.counter, body: subjects.text },
        { life: ['create', 'delete', 'undelete'], deletion },
      ),
      lives,
    ),
  ),
  entityLaw(
    '[DO203] what was purged is never there again',
    scopeOf(
      { title: subjects.lastWriteWins, body: subjects.text },
      { life: [...lifeVerbs, 'create', 'ensure', 'undelete'], deletion: 'edit-wins' },
    ),
    () => lives,
  ),
  intentionLaw(
    '[DO204] what is seeded is there once, whoever does it first, and gives way to every write',
    scopeOf(
      {
        title: subjects.lastWriteWins,
        minutes: subjects.counter,
        tags: subjects.set,
        body: subjects.text,
        steps: subjects.list,
      },
      { life: ['ensure'] },
    ),
    lives,
  ),
  intentionLaw(
    '[DO205] what is refused is gone for everybody, and what built on it is there once more or not at all',
    scopeOf(withoutMarks, { besides: 'remake' }),
    equalInTheEnd,
  ),
  entityLaw(
    '[DO206] undo takes back what one did oneself, and no more',
    scopeOf(withoutMarks, { besides: 'undo' }),
    () => new Undoing(),
  ),
  intentionLaw(
    '[DO208] a conflict is there until somebody settles it, and then it is for everybody',
    scopeOf(
      {
        status: subjects.manual,
        answers: subjects.manualMap,
        title: subjects.lastWriteWins,
        ratingOfOwner: subjects.manual,
        gradeOfServer: subjects.manual,
      },
      { besides: 'resolve' },
    ),
    conflicts,
  ),
  intentionLaw(
    '[DO209] marks are the last that were put, as far as their authors knew of each other; characters are as in a text',
    scopeOf({ essay: subjects.richText }),
  ),
]
