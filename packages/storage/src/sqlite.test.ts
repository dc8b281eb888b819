import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { everyKey, prefixRange } from './key.ts'
import { openDurable, sqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'
import { storeLaws } from './testing/index.ts'
import type { StorePlace } from './testing/index.ts'

const root = mkdtempSync(join(tmpdir(), 'rejoin-storage-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const newFolder = (): string => join(root, String(folders++))
const newFile = (): string => `${newFolder()}.sqlite`
const one = Uint8Array.of(1)

storeLaws('sqlite', async (): Promise<StorePlace> => {
  let folder = newFolder()
  const opened: Store[] = []
  return {
    open: async () => {
      const store = await sqliteStore(folder)
      opened.push(store)
      return store
    },
    // What a killed process leaves is the files as they are. Copied by another process: opening and closing them in
    // this one would take the locks of the open store away.
    crash: async () => {
      const copy = newFolder()
      spawnSync(process.execPath, [
        '-e',
        `fs.cpSync(${JSON.stringify(folder)}, ${JSON.stringify(copy)}, { recursive: true })`,
      ])
      folder = copy
    },
    [Symbol.asyncDispose]: async () => {
      for (const store of opened) await store.close()
    },
  }
})

/** A child that runs `code` with `store` open on `path`; what it prints, line by line. */
function child(
  path: string,
  code: string,
): { readonly kill: () => void; readonly exited: Promise<unknown>; readonly lines: AsyncIterable<string> } {
  const source = `
    import { sqliteStore } from ${JSON.stringify(import.meta.resolve('./sqlite.ts'))}
    try {
      const store = await sqliteStore(${JSON.stringify(path)})
      ${code}
    } catch (error) { console.log(error.kind ?? error.name, error.message) }`
  const process_ = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Also when the test fails before it gets to the kill.
  onTestFinished(() => void process_.kill('SIGKILL'))
  const exited = new Promise((resolve) => process_.once('exit', resolve))
  return { kill: () => process_.kill('SIGKILL'), exited, lines: createInterface({ input: process_.stdout }) }
}

async function outputOf(path: string, code: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of child(path, code).lines) lines.push(line)
  return lines
}

describe('durable open', () => {
  const pragma = (database: DatabaseSync, name: string): unknown =>
    Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]

  test('[ST17] it is in WAL mode with synchronous FULL and an exclusive lock, with a bounded cache and log', () => {
    const file = newFile()
    openDurable(file, { format: { name: 'test', id: 7, version: 3, schema: 'CREATE TABLE t (a)' } }).close()
    const database = openDurable(file, { cacheBytes: 2 ** 20 })
    const read = (name: string): unknown => pragma(database, name)
    expect(['journal_mode', 'synchronous', 'locking_mode', 'fullfsync', 'mmap_size'].map(read)).toEqual([
      'wal',
      2,
      'exclusive',
      1,
      0,
    ])
    expect(['cache_size', 'page_size', 'wal_autocheckpoint', 'journal_size_limit'].map(read)).toEqual([
      -1024,
      8192,
      512,
      2 ** 25,
    ])
    expect(['application_id', 'user_version'].map(read)).toEqual([7, 3])
    // No index that is shared with other processes: the lock was there before the first read.
    expect([existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([true, false])
    database.close()
  })

  test('[ST17] an existing file keeps its page size and is brought to WAL', () => {
    const file = newFile()
    const plain = new DatabaseSync(file)
    plain.exec('PRAGMA page_size=4096; CREATE TABLE t (a)')
    plain.close()
    const database = openDurable(file)
    expect(['journal_mode', 'page_size', 'wal_autocheckpoint'].map((name) => pragma(database, name))).toEqual([
      'wal',
      4096,
      1024,
    ])
    database.close()
  })

  test('[ST18] two opens in one process do not weaken the lock, and no other process gets in until the close', async () => {
    const folder = newFolder()
    const store = await sqliteStore(folder)
    await expect(sqliteStore(folder)).rejects.toMatchObject({ kind: 'storage-unavailable' })
    await store.commit({ put: [['a', one]] })
    const [refusal, ...rest] = await outputOf(folder, `console.log('opened')`)
    expect(refusal).toMatch(
      /^storage-unavailable .*replica\.sqlite is open elsewhere, in another process or in this one/,
    )
    expect(rest).toEqual([])
    await store.close()
    expect(await outputOf(folder, `console.log((await store.get(['a'])).join())`)).toEqual(['1'])
  })

  test('[ST18] of two processes that open a new folder at the same moment exactly one gets it', async () => {
    for (let round = 0; round < 2; round++) {
      const folder = newFolder()
      const children = [1, 2].map(() => child(folder, `console.log('opened'); setInterval(() => {}, 1000)`))
      const firstLines = await Promise.all(
        children.map(async ({ lines }) => {
          for await (const line of lines) return line.split(' ')[0]
          return undefined
        }),
      )
      expect(new Set(firstLines)).toEqual(new Set(['opened', 'storage-unavailable']))
      for (const { kill, exited } of children) {
        kill()
        await exited
      }
    }
  })

  test('[ST18, ST19] SIGKILL frees the lock and keeps every batch that was answered, whole, three times over', async () => {
    const folder = newFolder()
    const writeForEver = `
      let n = (await store.scan({ from: 'n/', to: 'n0', limit: 1, reverse: true })).length === 0 ? 0
        : Number((await store.get(['count']))[0].join(''))
      for (;;) {
        n++
        const digits = Uint8Array.from(String(n), Number)
        const put = [['count', digits], ['n/' + String(n).padStart(9, '0'), digits], ['m/' + String(n).padStart(9, '0'), new Uint8Array(2000)]]
        const done = await store.commit({ put })
        if (!done.ok) throw new Error(done.error.message)
        await new Promise((resolve) => process.stdout.write(n + '\\n', resolve))
      }`
    let answered = 0
    for (let round = 1; round <= 3; round++) {
      const { kill, exited, lines } = child(folder, writeForEver)
      const before = answered
      for await (const line of lines) {
        answered = Number(line)
        if (answered === before + 20)
          await expect(sqliteStore(folder)).rejects.toMatchObject({ kind: 'storage-unavailable' })
        if (answered >= before + 40) kill()
      }
      await exited
      const store = await sqliteStore(folder)
      const count = Number((await store.get(['count']))[0]?.join(''))
      expect(count).toBeGreaterThanOrEqual(answered)
      expect(count).toBeLessThanOrEqual(answered + 1)
      expect([(await store.scan(prefixRange('n/'))).length, (await store.scan(prefixRange('m/'))).length]).toEqual([
        count,
        count,
      ])
      answered = count
      await store.close()
    }
  })

  test('[ST23] a file of a newer format, of an older one or of another program is refused and left as it is', async () => {
    const file = newFile()
    await (await sqliteStore(file)).close()
    const edit = (sql: string): void => {
      const database = new DatabaseSync(file)
      database.exec(sql)
      database.close()
    }
    for (const [sql, kind, message] of [
      ['PRAGMA user_version=4', 'storage-unavailable', 'was written by a newer version (format 4, this one reads 3)'],
      ['PRAGMA user_version=1', 'storage-unavailable', 'has the old format 1'],
      ['PRAGMA application_id=77', 'bad-config', 'is a SQLite database, but no Rejoin replica'],
    ] as const) {
      edit(sql)
      const before = readFileSync(file)
      await expect(sqliteStore(file)).rejects.toMatchObject({ kind, message: expect.stringContaining(message) })
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })

  test('[ST22] a file that is no SQLite database is refused and left as it is, however short', async () => {
    for (const text of ['x', 'hello', 'a line of text\n'.repeat(2000)]) {
      const file = newFile()
      writeFileSync(file, text)
      await expect(sqliteStore(file)).rejects.toMatchObject({
        kind: 'storage-corrupt',
        message: expect.stringContaining('is not a SQLite database; it was left as it is'),
      })
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
  })

  test('[ST21] a folder that cannot be made or written gets one sentence', async () => {
    const file = newFile()
    writeFileSync(file, 'in the way')
    const unwritable = [join(file, 'folder'), ...(process.platform === 'linux' ? ['/proc/rejoin/folder'] : [])]
    for (const folder of unwritable)
      await expect(sqliteStore(folder)).rejects.toMatchObject({
        kind: 'storage-unavailable',
        message: expect.stringMatching(/^The folder .* cannot be written: .*\.$/),
      })
    await expect(sqliteStore(`${newFolder()}.db`).then((store) => store.close())).resolves.toBeUndefined()
  })
})

describe('failing device', () => {
  test('[ST20] a full device refuses the batch whole as storage-full, and the store goes on', async () => {
    const store = await sqliteStore(newFolder(), { fileBytesMax: 2 ** 20 })
    const large = new Uint8Array(400_000)
    expect((await store.commit({ put: [['first', large]] })).ok).toBe(true)
    const before = await store.scan(everyKey)
    for (let round = 0; round < 3; round++) {
      const full = await store.commit({
        remove: ['first'],
        put: [
          ['small', one],
          ['a', large],
          ['b', large],
          ['c', large],
        ],
      })
      expect(full).toMatchObject({ ok: false, error: { kind: 'storage-full' } })
      expect((await store.scan(everyKey)).map(([key]) => key)).toEqual(before.map(([key]) => key))
    }
    expect((await store.commit({ put: [['small', one]] })).ok).toBe(true)
    expect((await store.commit({ remove: ['first'] })).ok).toBe(true)
    expect((await store.commit({ put: [['second', large]] })).ok).toBe(true)
    expect((await store.scan(everyKey)).map(([key]) => key)).toEqual(['second', 'small'])
    await store.close()
  })

  // The system's limit on the size of files makes real writes fail, in a child that is under it.
  test.skipIf(process.platform === 'win32')(
    '[ST20] a device that fails to write gives storage-unavailable, and the store goes on',
    async () => {
      const folder = newFolder()
      await (await sqliteStore(folder)).close()
      const source = `
      import { sqliteStore } from ${JSON.stringify(import.meta.resolve('./sqlite.ts'))}
      const store = await sqliteStore(${JSON.stringify(folder)})
      const say = async (name, put) => console.log(name, JSON.stringify(await store.commit({ put }).then((done) => done.ok || done.error.kind)))
      await say('small', [['a', Uint8Array.of(1)]])
      await say('large', [['a', Uint8Array.of(2)], ['large', new Uint8Array(400000)]])
      await say('small', [['b', Uint8Array.of(3)]])
      console.log((await store.scan({ from: '', to: '~' })).map(([key, value]) => key + value).join())`
      const { stdout } = spawnSync(
        'sh',
        ['-c', 'ulimit -f 200; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', source],
        { encoding: 'utf8' },
      )
      expect(stdout.trim().split('\n')).toEqual(['small true', 'large "storage-unavailable"', 'small true', 'a1,b3'])
      const store = await sqliteStore(folder)
      expect((await store.scan(everyKey)).map(([key, value]) => `${key}${value.join()}`)).toEqual(['a1', 'b3'])
      await store.close()
    },
  )

  test('[ST20] damage to the structure is storage-corrupt, at the open or at the read that meets it', async () => {
    const file = newFile()
    const store = await sqliteStore(file)
    const put = Array.from({ length: 200 }, (_, i): [string, Uint8Array] => [`row/${i}`, new Uint8Array(500)])
    expect((await store.commit({ put })).ok).toBe(true)
    await store.close()
    const sound = readFileSync(file)
    const damaged = Buffer.from(sound)
    damaged.fill(0xff, 2 * 8192)
    writeFileSync(file, damaged)
    const opened = await sqliteStore(file)
    await expect(opened.scan(everyKey)).rejects.toMatchObject({ name: 'RejoinError', kind: 'storage-corrupt' })
    // Twice: the first failure leaves no transaction open.
    for (let round = 0; round < 2; round++)
      expect(await opened.commit({ put })).toMatchObject({ ok: false, error: { kind: 'storage-corrupt' } })
    await opened.close()
    writeFileSync(file, Buffer.concat([sound.subarray(0, 100), Buffer.alloc(8192 - 100, 0xff), sound.subarray(8192)]))
    await expect(sqliteStore(file)).rejects.toMatchObject({ kind: 'storage-corrupt' })
  })

  test('[ST28] a key that was changed on the disk is met by scans, and by the read that misses it', async () => {
    const file = newFile()
    const store = await sqliteStore(file)
    await store.commit({ put: ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, one]) })
    await store.close()
    const sound = readFileSync(file)
    for (const [key, wrong] of [
      ['c', 'C'],
      ['c', 'z'],
      ['a', '!'],
      ['f', '~'],
    ] as const) {
      const damaged = Buffer.from(sound)
      damaged.write(wrong, damaged.indexOf(Buffer.from([0x01, key.charCodeAt(0)]).subarray(1), 8192))
      writeFileSync(file, damaged)
      const opened = await sqliteStore(file)
      const corrupt = { name: 'RejoinError', kind: 'storage-corrupt' }
      await expect(opened.get([key])).rejects.toMatchObject(corrupt)
      await expect(opened.scan({ from: 'a', to: 'g' })).rejects.toMatchObject(corrupt)
      await expect(opened.scan({ from: 'a', to: 'g', reverse: true })).rejects.toMatchObject(corrupt)
      expect(await opened.commit({ expect: [[key, one]] })).toMatchObject({
        ok: false,
        error: { kind: 'storage-corrupt' },
      })
      await opened.close()
    }
  })

  test('[ST28] a damaged key ends no scan unnoticed, wherever it lies', async () => {
    const file = newFile()
    const store = await sqliteStore(file)
    const keys = Array.from({ length: 30 }, (_, i) => `row/${10 + i}`)
    await store.commit({ put: keys.map((key) => [key, one]) })
    await store.close()
    const sound = readFileSync(file)
    for (const key of keys)
      for (const first of [0x20, 0xf2]) {
        const damaged = Buffer.from(sound)
        damaged[damaged.indexOf(key)] = first
        writeFileSync(file, damaged)
        const opened = await sqliteStore(file)
        for (const reverse of [false, true])
          for (const range of [everyKey, prefixRange('row/')])
            await expect(opened.scan({ ...range, reverse })).rejects.toMatchObject({ kind: 'storage-corrupt' })
        await opened.close()
      }
  })

  test('[ST29] a table that is not as it was made is found at the open', async () => {
    const file = newFile()
    await (await sqliteStore(file)).close()
    const damaged = readFileSync(file)
    damaged.write('v', damaged.indexOf('sum INTEGER'))
    writeFileSync(file, damaged)
    await expect(sqliteStore(file)).rejects.toMatchObject({ kind: 'storage-corrupt' })
  })

  test('[ST30] a file that is gone or empty while its log is there is refused, and the log is kept', async () => {
    const file = newFile()
    const store = await sqliteStore(file)
    await store.commit({ put: [['a', one]] })
    const log = readFileSync(`${file}-wal`)
    await store.close()
    for (const lose of [() => rmSync(file), () => writeFileSync(file, '')]) {
      lose()
      writeFileSync(`${file}-wal`, log)
      await expect(sqliteStore(file)).rejects.toMatchObject({ kind: 'storage-corrupt' })
      expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)
    }
    rmSync(`${file}-wal`)
    await (await sqliteStore(file)).close()
  })

  test('[ST24] a path that ends in .sqlite or .db is the file, any other the folder', async () => {
    const folder = newFolder()
    await (await sqliteStore(folder)).close()
    const store = await sqliteStore(join(folder, 'replica.sqlite'))
    await expect(sqliteStore(folder)).rejects.toMatchObject({ kind: 'storage-unavailable' })
    expect(store.durability).toBe('device')
    await store.close()
    cpSync(join(folder, 'replica.sqlite'), join(folder, 'copy.db'))
    await (await sqliteStore(join(folder, 'copy.db'))).close()
  })
})
