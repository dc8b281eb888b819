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
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { userId } from '@rejoin/base'
import type { LogStore } from '../../log/store.ts'
import {
  commitOf,
  documentRecord,
  everything,
  keyOf,
  refOf,
  row,
  writerOf,
  writerRecord,
} from '../../testing/samples.ts'
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
  /** A log of two documents, one of them folded, on which somebody has laid hands. */
  const tampered = (sql: string, use: (log: LogStore) => Promise<void>): Promise<void> =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      const writers = [writerRecord(1, { accepted: [1, 4] })]
      const two = [documentRecord(1, keyOf('a'), { foldedTo: 3 }), documentRecord(2, keyOf('b'), { tailEntries: 2 })]
      const rows = [row(1), row(2, { document: 2 }), row(3), row(4, { document: 2 })]
      const refusals = [{ writer: 1, n: 6, kind: 'rule', message: 'no' }] as const
      await log.commit({
        spaces: [commitOf(ref, 0, rows, { documents: two, writers, refusals, clientIds: [{ id: 7, writer: 1 }] })],
        devices: [{ tenant: ref.tenant, user: userId('ada'), device: 'd1', bytes: Uint8Array.of(1) }],
      })
      const snapshot = row(3, { kind: 'snapshot' })
      await log.commit({
        spaces: [commitOf(ref, 4, [row(5, { kind: 'fold' })], { documents: two, folds: [{ document: 1, snapshot }] })],
      })
      await log.close()
      const database = new DatabaseSync(join(folder, 'log.sqlite'))
      database.exec(sql)
      database.close()
      const again = await sqlite(folder).open(random)
      await use(again.log)
      await again.log.close()
    })
  const page = (log: LogStore) => log.page(ref, everything)
  const notes = (log: LogStore) => log.page(ref, { ...everything, wanted: { collections: ['notes'], entities: [] } })
  const corrupt = { name: 'RejoinError', kind: 'storage-corrupt' }

  test.each<[string, readonly ((log: LogStore) => Promise<unknown>)[]]>([
    [`UPDATE entries SET bytes = x'07' WHERE seq = 2`, [page, notes, (log) => log.documentRows(ref, 2, 9)]],
    ['UPDATE entries SET document = 1 WHERE seq = 2', [page, notes, (log) => log.documentRows(ref, 1, 9)]],
    ['UPDATE entries SET n = 9 WHERE seq = 4', [page, notes]],
    ['UPDATE entries SET kind = 77 WHERE seq = 4', [page, notes]],
    [`UPDATE documents SET generation = 1 WHERE number = 2`, [(log) => log.documents(ref, [keyOf('b')]), notes]],
    [`UPDATE writers SET accepted = x'0107'`, [(log) => log.writers(ref, [writerOf(1)])]],
    [`UPDATE writers SET user = 'eve'`, [(log) => log.userOf(ref.tenant, writerOf(1))]],
    [`UPDATE client_ids SET writer = 2`, [(log) => log.clientIds(ref, [7])]],
    [`UPDATE refusals SET message = 'yes'`, [(log) => log.refusals(ref, 1, [6])]],
    [`UPDATE devices SET bytes = x'02'`, [(log) => log.device(ref.tenant, userId('ada'), 'd1')]],
    [`UPDATE hashes SET chain = x'02'`, [(log) => log.hashAt(ref, 1)]],
    [`UPDATE spaces SET documents = 3`, [(log) => log.space(ref), page]],
  ])('[SE14] what was changed on the disk is found when it is read: %s', (sql, reads) =>
    tampered(sql, async (log) => {
      for (const read of reads) await expect(read(log)).rejects.toMatchObject(corrupt)
    }),
  )

  test('[SE14] a space whose row is damaged is reported, and harms no other', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await log.commit({ spaces: ['one', 'two'].map((space) => commitOf(refOf(space), 0, [row(1)])) })
      await log.close()
      const database = new DatabaseSync(join(folder, 'log.sqlite'))
      database.exec(`UPDATE spaces SET head = 7 WHERE space = 'one'`)
      database.close()
      const events: string[] = []
      const again = await sqlite(folder).open(random, (_, event) => events.push(event))
      expect(events).toContain('space-damaged')
      expect((await again.log.spaces()).map(({ space }) => space)).toEqual(['two'])
      await expect(again.log.space(ref)).rejects.toMatchObject(corrupt)
      expect((await again.log.commit({ spaces: [commitOf(refOf('two'), 1, [row(2)])] })).ok).toBe(true)
      await again.log.close()
    }))

  test('[SE14] a commit on a damaged space fails as such, and changes nothing', () =>
    tampered('UPDATE spaces SET documents = 3', async (log) => {
      const done = await log.commit({ spaces: [commitOf(ref, 5, [row(6)])] })
      expect(done).toMatchObject({ ok: false, error: { kind: 'storage-corrupt' } })
    }))

  test.each<[string, readonly ((log: LogStore) => Promise<unknown>)[]]>([
    ['DELETE FROM entries WHERE seq = 2', [page, notes, (log) => log.documentRows(ref, 2, 9)]],
    ['DELETE FROM entries WHERE seq = 5', [page, notes]],
    ['DELETE FROM hashes WHERE seq = 1', [page, notes]],
    ['DELETE FROM documents WHERE number = 2', [notes]],
    [`UPDATE documents SET key = 'notes/x/shared/' WHERE number = 2`, [(log) => log.documents(ref, [keyOf('b')])]],
    [`UPDATE writers SET writer = '${'f'.repeat(32)}'`, [(log) => log.writers(ref, [writerOf(1)])]],
    [`UPDATE spaces SET space = 'onf'`, [(log) => log.space(ref)]],
  ])('[SE19] what is missing is noticed: %s', (sql, reads) =>
    tampered(sql, async (log) => {
      for (const read of reads) await expect(read(log)).rejects.toMatchObject(corrupt)
    }),
  )

  test('[SE19] a name of which only the index knows is noticed', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await log.commit({ spaces: [commitOf(ref, 0, [row(1)], { documents: [documentRecord(77, keyOf('a'))] })] })
      await log.close()
      const path = join(folder, 'log.sqlite')
      const bytes = readFileSync(path)
      // In the index the number stands behind the key.
      const key = Buffer.from(`${keyOf('a')}\x4d`, 'latin1')
      bytes[bytes.indexOf(key) + key.length - 1] = 78
      writeFileSync(path, bytes)
      const again = await sqlite(folder).open(random)
      await expect(again.log.documents(ref, [keyOf('a')])).rejects.toMatchObject(corrupt)
      await again.log.close()
    }))

  test('[SE12] a log that was set back, or lost a space, is reported when it is opened', () =>
    inFolder(async (folder) => {
      const { log } = await sqlite(folder).open(random)
      await log.commit({ spaces: [commitOf(ref, 0, [row(1)]), commitOf(refOf('two'), 0, [row(1)])] })
      await log.close()
      const witness = new WitnessFile(join(folder, 'witness.log'))
      witness.note([
        { ref, epoch: 'e'.repeat(32), head: 7 },
        { ref: refOf('three'), epoch: 'e'.repeat(32), head: 3 },
      ])
      witness.close()
      const events: unknown[] = []
      const again = await sqlite(folder).open(random, (...event) => events.push(event))
      await again.log.close()
      expect(events).toEqual([
        ['warn', 'log-set-back', { space: 'one', head: 1, seen: 7 }],
        ['warn', 'log-set-back', { space: 'three', head: 0, seen: 3 }],
      ])
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

  test('[SE17] the witness does not grow with the log, and survives lines that a crash cut off or spoilt', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'witness.log')
      const { log } = await sqlite(folder).open(random)
      for (let head = 0; head < 50; head++)
        await log.commit({ spaces: [commitOf(ref, head, [row(head + 1)], { documents })] })
      await log.close()
      appendFileSync(path, `acme/one ${'e'.repeat(32)} 51 00000000\nacme/one ${'e'.repeat(32)} 52\nacme/one eeee`)
      const again = await sqlite(folder).open(random)
      expect((await again.log.space(ref)).epoch).toBe('e'.repeat(32))
      await again.log.close()
      expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^acme/one ${'e'.repeat(32)} 50 [0-9a-f]{8}\\n$`))
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
