/** Two-sided 95 % of Student's t, by degrees of freedom from 1. */
const table = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/** The 97.5 % point of the normal distribution. */
const z = 1.959_964

/** Behind the table by the first terms of the expansion in 1 / n, which is right to three digits there. */
export function t95(degrees: number): number {
  const known = table[degrees - 1]
  if (known !== undefined) return known
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
}
