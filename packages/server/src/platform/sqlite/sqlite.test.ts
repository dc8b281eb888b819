import { openDurable } from '@rejoin/storage/sqlite'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { commitOf, documentRecord, everything, keyOf, refOf, row } from '../../testing/samples.ts'
import { logStoreLaws } from '../../testing/index.ts'
import { createWorld } from '../../testing/world.ts'
import { logFormat } from './format.ts'
import { sqlite } from './index.ts'
import { SqliteLog } from './log.ts'
import { WitnessFile } from './witness-file.ts'

const { random } = createWorld(3).ports
const ref = refOf('one')
const documents = [documentRecord(1, keyOf('a'))]

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-log-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

logStoreLaws('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-log-'))
  const database = join(folder, 'log.sqlite')
  return {
    open: (random) => sqlite(folder).open(random),
    backup: async () => copyFileSync(database, `${database}.backup`),
    restore: async () => copyFileSync(`${database}.backup`, database),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

describe('sqlite', () => {
  test('[SE14] a row whose bytes were changed on the disk is found when it is read', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await log.commit({ spaces: [commitOf(ref, 0, [row(1), row(2)], { documents })] })
      await log.close()
      const database = new DatabaseSync(join(folder, 'log.sqlite'))
      database.exec(`UPDATE entries SET bytes = x'07' WHERE seq = 2`)
      database.close()
      const again = await sqlite(folder).open(random)
      await expect(again.log.page(ref, everything)).rejects.toMatchObject({ kind: 'storage-corrupt' })
      expect((await again.log.page(ref, { ...everything, upTo: 1 })).rows).toHaveLength(1)
      await again.log.close()
    }))

  test('[SE14] a snapshot whose bytes were changed on the disk is found too, in a page and alone', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await log.commit({ spaces: [commitOf(ref, 0, [row(1), row(2)], { documents })] })
      const snapshot = row(2, { kind: 'snapshot', encoding: 'yjs-2' })
      const fold = commitOf(ref, 2, [row(3, { kind: 'fold' })], { folds: [{ document: 1, snapshot }] })
      expect((await log.commit({ spaces: [fold] })).ok).toBe(true)
      await log.close()
      const database = new DatabaseSync(join(folder, 'log.sqlite'))
      database.exec(`UPDATE entries SET bytes = x'07' WHERE seq = 2`)
      database.close()
      const again = await sqlite(folder).open(random)
      const damaged = { kind: 'storage-corrupt' }
      await expect(again.log.page(ref, everything)).rejects.toMatchObject(damaged)
      await expect(again.log.documentRows(ref, 1, 3)).rejects.toMatchObject(damaged)
      await again.log.close()
    }))

  test('[SE15] the key is readable by the owner only; a damaged one stops the start', () =>
    inFolder(async (folder) => {
      await (await sqlite(folder).open(random)).log.close()
      const path = join(folder, 'token.key')
      expect(statSync(path).mode & 0o077).toBe(0)
      appendFileSync(path, 'x')
      await expect(sqlite(folder).open(random)).rejects.toMatchObject({ kind: 'storage-corrupt' })
    }))

  test('[SE16] a folder is open once, and what cannot be a folder is refused in a sentence', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await expect(sqlite(folder).open(random)).rejects.toMatchObject({ kind: 'storage-unavailable' })
      await log.close()
      await expect(sqlite(join(folder, 'token.key')).open(random)).rejects.toMatchObject({
        kind: 'storage-unavailable',
      })
    }))

  test('[SE17] the witness does not grow with the log, and survives a line cut off by a crash', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'witness.log')
      const { log } = await sqlite(folder).open(random)
      for (let head = 0; head < 50; head++)
        await log.commit({ spaces: [commitOf(ref, head, [row(head + 1)], { documents })] })
      await log.close()
      appendFileSync(path, 'acme/one eeee')
      const again = await sqlite(folder).open(random)
      expect((await again.log.space(ref)).epoch).toBe('e'.repeat(32))
      await again.log.close()
      expect(readFileSync(path, 'utf8')).toBe(`acme/one ${'e'.repeat(32)} 50\n`)
    }))

  test.skipIf(!existsSync('/dev/full'))(
    '[SE18] a witness that cannot be written fails no commit, is reported, and is made up for at the next one',
    () =>
      inFolder(async (folder) => {
        const path = join(folder, 'witness.log')
        symlinkSync('/dev/full', path)
        const events: string[] = []
        const database = openDurable(join(folder, 'log.sqlite'), { format: logFormat })
        const log = new SqliteLog(database, new WitnessFile(path), (level, event) => events.push(`${level} ${event}`))
        const other = refOf('two')
        expect((await log.commit({ spaces: [commitOf(other, 0, [row(1)], { documents })] })).ok).toBe(true)
        expect(events).toEqual(['error witness-not-written'])
        expect((await log.commit({ spaces: [commitOf(ref, 0, [row(1)], { documents })] })).ok).toBe(true)
        expect((await log.commit({ spaces: [commitOf(ref, 1, [row(2)], { documents })] })).ok).toBe(true)
        await log.close()
        expect(events).toHaveLength(1)
        const seen = new WitnessFile(path).read()
        expect([...seen].map(([key, { head }]) => [key, head])).toEqual([
          ['acme/two', 1],
          ['acme/one', 2],
        ])
      }),
  )
})
