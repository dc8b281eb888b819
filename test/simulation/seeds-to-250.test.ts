import { campaign } from './seeds.ts'

campaign('[SI5] every promise holds in seeds 1 to 250', 1, 250)
