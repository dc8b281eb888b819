import { tryLaws } from './try-laws.ts'

tryLaws(2)
