import { areApart, saw } from './act.ts'
import type { Act } from './act.ts'
import type { Fate, Told } from './tally.ts'

/**
 * What became of each assignment of one value: kept if it stands, or if somebody who knew of it has written since;
 * overruled if one that was made at the same time stands; lost if one that it was to replace stands, or none.
 */
export const fatesOfAssignments = <A extends Act>(
  assignments: readonly A[],
  stands: (assignment: A) => boolean,
): readonly Told[] => {
  // Two people may have written the same value: then both are taken to stand.
  const standing = assignments.filter(stands)
  const fateOf = (assignment: A): Fate => {
    if (standing.some((other) => other === assignment || saw(other, assignment))) return 'kept'
    if (!standing.some((other) => areApart(other, assignment))) return 'lost'
    return assignments.some((other) => saw(other, assignment)) ? 'kept' : 'overruled'
  }
  return assignments.map((assignment) => [assignment, fateOf(assignment)])
}
