import { openLibrary } from '#automerge'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { kindOf } from '../testing/port/example.ts'
import { openAutomerge } from './index.ts'
import { Library } from './library.ts'
import { engineOver } from './over.ts'
import { sharing } from './sharing.ts'

const wasm = readFileSync(createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm'))

/** Deeper than the stack of the wasm: it overflows into other memory, and the instance is gone. */
const deep = (): unknown => Array.from({ length: 100_000 }).reduce((inner: unknown) => ({ inner }), {})

function lose(library: Library): void {
  library.create('00').call((raw) => raw.initRootFromHydrate(deep()))
}

function filled(engine: ReturnType<typeof engineOver>, client: number): EngineDocument {
  const document = engine.create()
  document.setClient(client)
  document.transact(() => {
    document.text.insert(0, 'kept')
    document.registers.append('k', 1, 'v')
  })
  return document
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

beforeAll(() => {
  // The library tells the console that it has stopped.
  vi.spyOn(console, 'error').mockReturnValue(undefined)
})

afterAll(() => {
  vi.restoreAllMocks()
})

describe('[DO211] a trap in the wasm is fatal for its instance', () => {
  test('all its documents refuse everything from then on, and so does the engine', async () => {
    const library = await openLibrary(wasm)
    const engine = engineOver(library)
    const documents = [filled(engine, 1), filled(engine, 2)]
    const stored = documents.map((document) => document.snapshot())
    for (const { registers } of documents) registers.survivors('k')
    expect(kindOf(() => lose(library))).toBe('engine-lost')
    for (const document of documents) {
      const { apply, transact, snapshot, pending, clientClock } = document
      const calls = [
        (): unknown => apply.call(document, stored),
        (): unknown => transact.call(document, () => undefined),
        (): unknown => snapshot.call(document),
        (): unknown => pending.call(document),
        (): unknown => clientClock.call(document, 1),
        (): unknown => document.setClient(5),
        (): unknown => document.standAlone([]),
        (): unknown => document.registers,
        (): unknown => document.text,
        (): unknown => document.list,
      ]
      expect(calls.map((call) => kindOf(call))).toEqual(calls.map(() => 'engine-lost'))
      document.dispose()
    }
    expect(kindOf(() => engine.create())).toBe('engine-lost')
    expect(kindOf(() => engine.changes([], stored[0] ?? { encoding: 'automerge', bytes: new Uint8Array() }))).toBe(
      'engine-lost',
    )
    expect(kindOf(() => engine.changesOfEach([], []))).toBe('engine-lost')

    const fresh = await openAutomerge()
    for (const each of stored) expect(documentOf(fresh, [each]).text.read()).toBe('kept')
    expect(engine.squash(stored).bytes.length).toBeGreaterThan(0)
  })

  test('what was read before is not read from memory after it', async () => {
    const library = await openLibrary(wasm)
    const { registers, text, list } = filled(engineOver(library), 1)
    expect([registers.survivors('k').length, [...registers.keys()], text.length]).toEqual([1, ['k'], 4])
    expect(kindOf(() => lose(library))).toBe('engine-lost')
    const reads = [
      (): unknown => registers.survivors('k'),
      (): unknown => [...registers.keys()],
      (): unknown => [...registers.contested()],
      (): unknown => text.length,
      (): unknown => text.read(),
      (): unknown => text.runs(),
      (): unknown => list.length,
      (): unknown => list.read(),
    ]
    expect(reads.map((read) => kindOf(read))).toEqual(reads.map(() => 'engine-lost'))
  })

  test('documents that are let go after it end no process: nothing of it is ever freed', async () => {
    const collect = collector()
    const library = await openLibrary(wasm)
    const engine = engineOver(library)
    const gone = new Set<number>()
    const registry = new FinalizationRegistry((i: number) => gone.add(i))
    for (let i = 0; i < 20; i++) registry.register(filled(engine, i), i)
    expect(kindOf(() => lose(library))).toBe('engine-lost')
    await vi.waitFor(
      () => {
        collect()
        expect(gone.size).toBeGreaterThan(10)
      },
      { timeout: 10_000 },
    )
    collect()
    await new Promise((resolve) => setImmediate(resolve))
    expect(documentOf(await openAutomerge(), []).text.length).toBe(0)
  })

  test('an error that looks like another is one if nothing works after it', () => {
    const fail = (error: Error) => (): never => {
      throw error
    }
    let works = true
    class Raw {
      static new(): Raw {
        if (!works) throw new Error('Module terminated')
        return new Raw()
      }
      free(): void {}
      save = fail(new RangeError('refused'))
    }
    const api = {
      init: () => ({}),
      getBackend: () => new Raw(),
      encodeChange: fail(new Error()),
      decodeChange: fail(new Error()),
    }
    const library = new Library(api as never)
    expect(() => library.create('00').call((raw) => raw.save())).toThrow('refused')
    expect(library.lost).toBe(false)
    works = false
    expect(kindOf(() => library.create('00'))).toBe('engine-lost')
    expect(library.lost).toBe(true)
  })
})

test('[DO210] what nobody disposes of is freed once it is collected, and what was disposed of is not freed again', async () => {
  let freed = 0
  class Raw {
    static new(): Raw {
      return new Raw()
    }
    free(): void {
      freed++
    }
  }
  const unused = (): never => {
    throw new Error('not called')
  }
  const api = { init: () => ({}), getBackend: () => new Raw(), encodeChange: unused, decodeChange: unused }
  const library = new Library(api as never)
  expect(freed).toBe(1)
  for (let i = 0; i < 20; i++) library.create('00')
  for (let i = 0; i < 20; i++) library.create('00').free()
  expect(freed).toBe(21)
  const collect = collector()
  await vi.waitFor(
    () => {
      collect()
      expect(freed).toBeGreaterThan(35)
    },
    { timeout: 10_000 },
  )
  collect()
  await new Promise((resolve) => setImmediate(resolve))
  expect(freed).toBeLessThanOrEqual(41)
})

test('[DO210] all who open share an instance, until it is lost', async () => {
  const open = sharing(() => openLibrary(wasm))
  const [one, same] = await Promise.all([open(), open()])
  expect(same).toBe(one)
  expect(kindOf(() => lose(one))).toBe('engine-lost')
  const [another, again] = await Promise.all([open(), open()])
  expect([another.lost, again === another, another === one]).toEqual([false, true, false])
  expect(await openLibrary()).toBe(await openLibrary())
})

test('[DO210] who could not open it may try again', async () => {
  let tries = 0
  const open = sharing(() => (tries++ === 0 ? Promise.reject(new Error('not there')) : openLibrary()))
  await expect(open()).rejects.toThrow('not there')
  expect((await open()).lost).toBe(false)
})

test('[DO210] a browser has to be given the wasm, and starts it once, also if two give it at once', async () => {
  const page = new Worker(new URL('browser.test.helper.ts', import.meta.url), { workerData: wasm })
  const [{ kindOfRefusal, shared, snapshot }] = (await once(page, 'message')) as [Opened]
  expect([kindOfRefusal, shared]).toEqual(['bad-config', true])
  expect(documentOf(await openAutomerge(), [snapshot]).text.read()).toBe('kept')
})

interface Opened {
  readonly kindOfRefusal: unknown
  readonly shared: boolean
  readonly snapshot: Update
}
