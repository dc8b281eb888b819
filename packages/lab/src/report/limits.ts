import type { Block } from '../page/index.ts'
import { hasIntervals } from './lab.ts'
import type { Lab } from './lab.ts'

/** What the figures do not show; recorded sessions tell of themselves what they leave out. */
export function limits(lab: Lab): Block[] {
  if (lab.runs.all.length === 0) return []
  return [{ kind: 'list', items: [...ofModels, hasIntervals(lab) ? ofIntervals : ofFewSeeds, ofThree] }]
}

const ofModels: readonly string[] = [
  'Workloads are models. Where an app’s own documents give a number it is used; most of how often people do what is assumed, and listed with its source. Real people also talk to each other, and keep away from what another one is writing.',
  'Whole values are read, changed and written back field by field. An app that sends its server a command (“add one”) loses less than that; it has made a merge by hand. One that has a row for each element does what is told of rows here.',
  'What an app would notice and mend at its server – a check, a lock, a unique key – is not modelled, nor is a person who sees that something is gone and does it again.',
  'Who settles a conflict takes one of its versions and nothing of the others. A person who reads both and joins them would lose less and need longer.',
  'The number of conflicts shown says how often somebody is asked, not how hard the question is.',
  'Overruled effects are not counted as lost. To the one who wrote what does not stand they may be the same.',
  'Connections break and devices are away; but no device is lost, no storage fails, and the server is always there. Those are matters of durability, and other suites have them.',
  'Clocks are wrong by a constant, different for each device. Clocks that jump do more harm.',
]

const ofIntervals =
  'Intervals tell how much chance within these models moves a figure: one of twenty does not hold the true mean. They say nothing of how well the models fit an app.'

const ofFewSeeds =
  'So few seeds do not tell how much chance within these models moves a figure, and no number of them how well the models fit an app.'

const ofThree =
  'Effects in one run depend on each other, so that the rule of three is too sure of itself where it is told per effect.'
