import { RejoinError, tenantId, userId } from '@rejoin/base'
import type { LogStore, SpaceRef } from '@rejoin/server'
import { clientIdAt, documentsMax, keyAt, refs, refusedAt, writerAt, writersMax } from './server-script.ts'

/** What was asked, and the answer as text. An error of a storage kind is an answer, too: it says that all is not well. */
export type Reads = ReadonlyMap<string, string>

export const said = 'said: '

/** Asks a log for everything that it may know, question by question. */
export async function readAll(log: LogStore): Promise<Reads> {
  const reads = new Map<string, string>()
  const ask = async (question: string, answer: () => Promise<unknown>): Promise<void> => {
    reads.set(question, await textOf(answer))
  }
  await ask('spaces', async () => [...(await log.spaces())].map(({ space }) => space).sort())
  await ask('device', async () => log.device(tenantId('acme'), userId('user-1'), 'd1'))
  for (const ref of refs) await readSpace(log, ref, ask)
  return reads
}

type Ask = (question: string, answer: () => Promise<unknown>) => Promise<void>

const pageRows = 40
const refusedNumbers = Array.from({ length: 20 }, (_, i) => refusedAt(i))

async function readSpace(log: LogStore, ref: SpaceRef, ask: Ask): Promise<void> {
  const { space } = ref
  await ask(`${space} record`, async () => log.space(ref))
  const head = await log.space(ref).then(
    (record) => record.head,
    () => 0,
  )
  for (const collections of [[], ['notes']])
    for (let after = 0; after < head;) {
      const query = { after, upTo: head, wanted: { collections, entities: [] }, bytesMax: 1e9, rowsMax: pageRows }
      await ask(`${space} page of ${collections.length} after ${after}`, async () => log.page(ref, query))
      const next = await log.page(ref, query).then(
        ({ to }) => to,
        () => Infinity,
      )
      if (next <= after) break
      after = next
    }
  for (let number = 1; number <= documentsMax; number++) {
    await ask(`${space} document ${number}`, async () => log.documentsByNumber(ref, [number]))
    await ask(`${space} document ${keyAt(number)}`, async () => log.documents(ref, [keyAt(number)]))
    await ask(`${space} rows of document ${number}`, async () => log.documentRows(ref, number, head))
  }
  for (let number = 1; number <= writersMax; number++) {
    await ask(`${space} writer ${number}`, async () => log.writersByNumber(ref, [number]))
    await ask(`${space} writer ${writerAt(number)}`, async () => log.writers(ref, [writerAt(number)]))
    await ask(`${space} client id ${number}`, async () => [...(await log.clientIds(ref, [clientIdAt(number)]))])
    await ask(`${space} user ${number}`, async () => log.userOf(ref.tenant, writerAt(number)))
  }
  await ask(`${space} refusals`, async () => log.refusals(ref, 1, refusedNumbers))
  await ask(`${space} unfolded`, async () => log.unfolded(ref, { after: 0, limit: 100 }))
  await ask(`${space} hashes`, async () =>
    Promise.all(Array.from({ length: head }, async (_, i) => log.hashAt(ref, i + 1))),
  )
}

async function textOf(answer: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await answer(), plain)
  } catch (cause) {
    if (!(cause instanceof RejoinError) || !cause.kind.startsWith('storage-')) throw cause
    return `${said}${cause.kind}`
  }
}

/** The same text for the same answer, whatever the order of its fields. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
