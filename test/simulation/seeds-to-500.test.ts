import { campaign } from './seeds.ts'

// A file of its own, so that a second core takes it.
campaign(251, 250)
