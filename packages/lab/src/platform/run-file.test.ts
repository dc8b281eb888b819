import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { result } from '../campaign/results.test.helper.ts'
import { planOf } from '../campaign/plan.ts'
import { openRunFile, writeFiles } from './run-file.ts'

const root = mkdtempSync(join(tmpdir(), 'rejoin-run-file-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const place = (name: string): string => join(root, name)
const plan = planOf({ policies: ['yjs'], workloads: ['sets'], conditions: ['hours'], seeds: 3 })
const outcome = (seed: number) => ({ kind: 'run' as const, ...result({ seed }) })

/** The id of a process that has ended. */
const deadId = (): number => spawnSync(process.execPath, ['-e', '']).pid

test('[LA79] a folder in use is refused, and nothing in it changes; once it is closed it is free', () => {
  const log = openRunFile(place('used'), plan)
  log.append(outcome(1))
  const before = readFileSync(place('used/runs.jsonl'), 'utf8')
  expect(() => openRunFile(place('used'), plan)).toThrow(
    `The folder ${place('used')} is in use by process ${process.pid}: wait until it has ended, or give another folder; ` +
      `if that is no lab, remove ${place('used/runs.lock')}.`,
  )
  expect(readFileSync(place('used/runs.jsonl'), 'utf8')).toBe(before)
  log.append(outcome(2))
  log.close()
  expect(readdirSync(place('used'))).toEqual(['runs.jsonl'])
  const again = openRunFile(place('used'), plan)
  expect(again.outcomes).toHaveLength(2)
  again.close()
})

test('[LA79] another process that lives has it; one that is dead, or nobody, has not', () => {
  mkdirSync(place('left'))
  const lock = place('left/runs.lock')
  writeFileSync(lock, `${process.ppid}\n`)
  expect(() => openRunFile(place('left'), plan)).toThrow(`is in use by process ${process.ppid}: `)
  expect(readdirSync(place('left'))).toEqual(['runs.lock'])
  // The last one is this process's id from a life before.
  for (const left of [`${deadId()}\n`, '', 'nobody', `${process.pid}\n`]) {
    writeFileSync(lock, left)
    const log = openRunFile(place('left'), plan)
    expect(readFileSync(lock, 'utf8')).toBe(`${process.pid}\n`)
    log.close()
    expect(readdirSync(place('left'))).toEqual(['runs.jsonl'])
  }
})

test('[LA79] what is refused for another reason is not locked', () => {
  mkdirSync(place('spoilt'))
  writeFileSync(place('spoilt/runs.jsonl'), 'my runs\n')
  for (let times = 0; times < 2; times++)
    expect(() => openRunFile(place('spoilt'), plan)).toThrow(/runs\.jsonl is not a list of runs\.$/)
  writeFileSync(place('spoilt/runs.jsonl'), 'my runs')
  expect(() => openRunFile(place('spoilt'), plan)).toThrow(/runs\.jsonl is not a list of runs\.$/)
  expect(readFileSync(place('spoilt/runs.jsonl'), 'utf8')).toBe('my runs')
})

test('[LA79] a folder with files of something else is refused, and they stay as they are', () => {
  mkdirSync(place('mine'))
  writeFileSync(place('mine/report.md'), 'my own')
  expect(() => openRunFile(place('mine'), plan)).toThrow(
    `The folder ${place('mine')} has files of something else, and no runs.jsonl; give one that is new, empty or of the lab.`,
  )
  expect(readdirSync(place('mine'))).toEqual(['report.md'])
  expect(readFileSync(place('mine/report.md'), 'utf8')).toBe('my own')
})

test('[LA79] what cannot be used is named, with the reason and what to do', () => {
  writeFileSync(place('file'), '')
  const there = 'cannot be used: there is a file where a folder is needed; give another folder.'
  expect(() => openRunFile(place('file'), plan)).toThrow(`${place('file')} ${there}`)
  expect(() => openRunFile(place('file/below'), plan)).toThrow(`${place('file/below')} ${there}`)
  mkdirSync(place('odd/runs.jsonl'), { recursive: true })
  expect(() => openRunFile(place('odd'), plan)).toThrow(
    `${place('odd/runs.jsonl')} cannot be used: there is a folder where a file is needed; give another folder.`,
  )
})

test('[LA79] a file that cannot be written at the end is named, and leaves nothing half', () => {
  mkdirSync(place('done/report.html'), { recursive: true })
  expect(() => writeFiles(place('done'), [{ name: 'report.html', text: '' }])).toThrow(
    `${place('done/report.html')} cannot be written: there is a folder where a file is needed; ` +
      'mend that, and the same command goes on.',
  )
  expect(readdirSync(place('done'))).toEqual(['report.html'])
})

// The one file of Linux that is always full.
test.skipIf(!existsSync('/dev/full'))('[LA79] a full disk is told as such', () => {
  mkdirSync(place('full'))
  spawnSync('ln', ['-s', '/dev/full', place('full/a.csv.new')])
  expect(() => writeFiles(place('full'), [{ name: 'a.csv', text: 'x' }])).toThrow(
    `${place('full/a.csv')} cannot be written: the disk is full; make room, and the same command goes on.`,
  )
})
