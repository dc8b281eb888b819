/** 0 held, 1 failed or bad input, 2 wrong usage, 130 interrupted. */
export type ExitStatus = 0 | 1 | 2 | 130
