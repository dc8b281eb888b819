import { campaign } from './seeds.ts'

campaign(1, 250)
