import { RejoinError } from '@rejoin/base'
import { realPorts, sqlite } from '@rejoin/server'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from './folders.ts'

const { random } = realPorts()

/** The kinds of file, each opened and closed again. */
const stores = [
  { file: 'replica.sqlite', open: async (folder: string) => sqliteStore(folder) },
  { file: 'log.sqlite', open: async (folder: string) => (await sqlite(folder).open(random)).log },
]

/** A process of another program that has a lock on the file until it is told to end. */
async function holder(file: string, lock: string): Promise<() => Promise<void>> {
  const source = `
    const database = new (require('node:sqlite').DatabaseSync)(${JSON.stringify(file)})
    database.exec(${JSON.stringify(lock)})
    console.log('locked')
    process.stdin.on('data', () => { database.close(); process.exit() })`
  const child = spawn(process.execPath, ['-e', source], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return () =>
    new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.stdin.write('end')
    })
}

test.each(stores)(
  '[ST12, SE16] while another process has $file locked it is refused, and whole afterwards',
  async ({ file, open }) => {
    const folder = newFolder()
    await (await open(folder)).close()
    for (const lock of ['BEGIN IMMEDIATE', 'PRAGMA locking_mode=exclusive; BEGIN EXCLUSIVE']) {
      const release = await holder(join(folder, file), lock)
      const refusal = await open(folder).catch((cause: unknown) => cause)
      expect(refusal).toBeInstanceOf(RejoinError)
      expect(refusal).toMatchObject({ kind: 'storage-unavailable' })
      await release()
      await (await open(folder)).close()
    }
    rmSync(folder, { recursive: true })
  },
)

test('[ST12, ST18] once a store is open nobody else gets a lock, and it goes on', async () => {
  const folder = newFolder()
  const store = await sqliteStore(folder)
  const source = `new (require('node:sqlite').DatabaseSync)(${JSON.stringify(join(folder, 'replica.sqlite'))}).exec('BEGIN IMMEDIATE')`
  for (let round = 1; round <= 2; round++) {
    const { status, stderr } = spawnSync(process.execPath, ['-e', source], { encoding: 'utf8' })
    expect(status).not.toBe(0)
    expect(stderr).toContain('database is locked')
    expect((await store.commit({ put: [['a', Uint8Array.of(round)]] })).ok).toBe(true)
  }
  await store.close()
  const again = await sqliteStore(folder)
  expect(await again.get(['a'])).toEqual([Uint8Array.of(2)])
  await again.close()
  rmSync(folder, { recursive: true })
})
