import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import type { Page } from '../world/entity.ts'
import { marksIn, textOf } from './marks.ts'
import { isSeen } from './oracle.ts'
import type { Made, Oracle } from './oracle.ts'

/** How a write ended, by its receipt. */
export type Fate = 'stored' | 'rejected' | 'pending' | undefined

/** Everything wrong with what is shown in the end, given how each write ended. */
export function judge(
  oracle: Oracle,
  pageOf: (place: Place) => Page | undefined,
  fateOf: (made: Made) => Fate,
  saysLost: (replica: string) => boolean = () => false,
): readonly string[] {
  const wrong = oracle.made.flatMap((made) => {
    const page = pageOf(made.place)
    const isShown = isSeen(made) ? page !== undefined && marksIn(page).has(made.mark) : undefined
    return judgeFate(made, fateOf(made), isShown, saysLost(made.replica))
  })
  for (const place of oracle.places) {
    const page = pageOf(place)
    if (page !== undefined) wrong.push(...judgePage(nameOf(place), page, oracle))
  }
  return wrong
}

/** `isShown` is undefined of what leaves nothing to be seen. */
function judgeFate(made: Made, fate: Fate, isShown: boolean | undefined, saysLost: boolean): readonly string[] {
  const { mark, replica, place, device, loose, lost } = made
  const edit = `${mark} of ${replica} in ${nameOf(place)}`
  if (fate === 'pending') return [`[I17] ${edit} still waits`]
  if (fate === 'stored') return isShown !== false ? [] : [`[I1] ${edit} was stored and is not shown`]
  if (lost === 'silently' || (lost === 'said' && (saysLost || isShown === true))) return []
  if (fate === undefined && device) return [`[I2] ${edit} was on the device and is nowhere`]
  if (lost !== undefined) return []
  if (isShown === true && !(loose && fate === 'rejected'))
    return [`[I9] ${edit} is shown and its receipt says ${fate ?? 'nothing'}`]
  return []
}

/** A transaction is shown as a whole, once. */
export function judgePage(name: string, page: Page, oracle: Oracle): readonly string[] {
  const wrong: string[] = []
  const { title, count, body, steps, order } = page
  const marks = page.marks.map(String)
  const made = marks.flatMap((mark) => oracle.byMark(mark) ?? [])
  const typed = [...textOf(page)]
  const onlyTyped = typed.flatMap((mark) => oracle.byMark(mark) ?? []).filter(({ marked }) => !marked)
  const counted = made.length
  const isAsShown = made.some(({ copied }) => copied) ? count >= counted : count === counted
  if (!isAsShown) wrong.push(`[I4] ${name} counts ${count} edits and shows ${counted}`)
  if (made.length !== marks.length) wrong.push(`[I8] ${name} has marks that nobody made`)
  if (body !== undefined)
    wrong.push(...judgeMarks(name, 'body', typed, [...made.filter(({ typed }) => typed), ...onlyTyped]))
  if (steps !== undefined)
    wrong.push(
      ...judgeMarks(
        name,
        'steps',
        steps.filter((step) => typeof step === 'string').map(String),
        made.filter(({ stepped }) => stepped),
      ),
    )
  if (order !== undefined) {
    const items = order.map(String)
    const placed = made.filter(({ placed }) => placed !== undefined)
    const marked = items.filter((item) => item.length === 1)
    wrong.push(...judgeMarks(name, 'order', marked, placed))
  }
  const titled = /^title (.)$/.exec(String(title))?.[1]
  if (titled !== undefined && !marks.includes(titled))
    wrong.push(`[I8] ${name} has the title of ${titled} and not its mark`)
  return wrong
}

function judgeMarks(name: string, field: string, shown: readonly string[], made: readonly Made[]): readonly string[] {
  const wrong: string[] = []
  const found = new Set(shown)
  const expected = new Set(made.map(({ mark }) => mark))
  const copied = new Set(made.filter((each) => each.copied).map(({ mark }) => mark))
  const onlyOnce = shown.filter((mark) => !copied.has(mark))
  if (new Set(onlyOnce).size !== onlyOnce.length) wrong.push(`[I4] ${name} has a mark twice in its ${field}`)
  for (const mark of found)
    if (!expected.has(mark)) wrong.push(`[I8] ${name} has ${mark} in its ${field} and not in its marks`)
  for (const mark of expected)
    if (!found.has(mark)) wrong.push(`[I8] ${name} has ${mark} in its marks and not in its ${field}`)
  return wrong
}
