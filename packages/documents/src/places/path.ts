type Numbers = readonly number[]

/**
 * A path is a place in a dense order, as a text that sorts by code unit: whole numbers, compared one after the other,
 * the shorter first where one begins with the other. Between two paths there is always another one; a run that is
 * made forwards or backwards only counts. The last number is never the least, because nothing comes before that.
 * Gives a path between two others, the left one the lesser; an end that is missing is open.
 */
export function pathBetween(left: string | undefined, right: string | undefined): string {
  const numbers = numbersBetween(numbersOf(left), right === undefined ? undefined : numbersOf(right))
  return numbers.map(numberText).join('')
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base = digits.length

/**
 * The first digit of a number is the number itself, if it is small. The eight below those and the eight above say
 * how many digits follow, one to eight: 2.2e14 numbers on either side, which nobody counts through one by one.
 */
const sizeMax = 8
const lowest = sizeMax - base / 2
const highest = base / 2 - sizeMax - 1

/** How many numbers, on one side, have fewer than `size` digits after the first. */
const reach = (size: number): number => (base ** size - base) / (base - 1)
const least = lowest - reach(sizeMax + 1)
const greatest = highest + reach(sizeMax + 1)

/** The pattern of a path. A text that matches is read in one way only, and no two are the same path. */
export const pathPattern: string = (() => {
  const heads = (size: number): string => digits.charAt(sizeMax - size) + digits.charAt(base - 1 - sizeMax + size)
  const single = `[${digits.slice(sizeMax, base - sizeMax)}]`
  const longer = [1, 2, 3, 4, 5, 6, 7, 8].map((size) => `[${heads(size)}][${digits}]{${size}}`)
  const number = `(?:${[single, ...longer].join('|')})`
  return `${number}*(?!${numberText(least)})${number}`
})()

function numbersBetween(left: Numbers, right: Numbers | undefined): Numbers {
  if (right === undefined) return after(left)
  const at = right.findIndex((number, index) => number !== left[index])
  const [low, high = 0] = [left[at], right[at]]
  if (low === undefined) return [...left, ...before(right.slice(at))]
  // One further if that is free; else under the number on the left, going on from what is there.
  return high - low > 1 ? [...left.slice(0, at), low + 1] : [...left.slice(0, at + 1), ...after(left.slice(at + 1))]
}

function after([first, ...rest]: Numbers): Numbers {
  if (first === undefined) return [0]
  return first < greatest ? [first + 1] : [first, ...after(rest)]
}

function before([first = 0, ...rest]: Numbers): Numbers {
  if (first === least) return [least, ...before(rest)]
  return first - 1 === least ? [least, 0] : [first - 1]
}

function numberText(number: number): string {
  if (number >= lowest && number <= highest) return digits.charAt(base / 2 + number)
  const beyond = number > highest ? number - highest - 1 : lowest - 1 - number
  let size = 1
  while (beyond >= reach(size + 1)) size++
  const count = beyond - reach(size)
  return number > highest
    ? digits.charAt(base - 1 - sizeMax + size) + digitsText(count, size)
    : digits.charAt(sizeMax - size) + digitsText(base ** size - 1 - count, size)
}

function digitsText(value: number, size: number): string {
  let text = ''
  for (let rest = value; text.length < size; rest = Math.floor(rest / base)) text = digits.charAt(rest % base) + text
  return text
}

function numbersOf(path: string | undefined): Numbers {
  const numbers: number[] = []
  for (let rest = path ?? ''; rest !== '';) {
    const head = digits.indexOf(rest.charAt(0))
    const size = head < sizeMax ? sizeMax - head : Math.max(0, head - (base - 1 - sizeMax))
    numbers.push(numberOf(head, size, rest.slice(1, 1 + size)))
    rest = rest.slice(1 + size)
  }
  return numbers
}

function numberOf(head: number, size: number, text: string): number {
  if (size === 0) return head - base / 2
  const value = [...text].reduce((sum, digit) => sum * base + digits.indexOf(digit), 0)
  return head >= sizeMax ? highest + 1 + reach(size) + value : lowest - reach(size) - base ** size + value
}
