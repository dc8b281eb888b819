import { campaign } from './seeds.ts'

// A file of its own, so that a second core takes it.
campaign('[SI5] every promise holds in seeds 251 to 500', 251, 250)
