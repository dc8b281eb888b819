import { fromHex, toHex } from '@rejoin/base'
import { expect, test } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { stateOf } from '../testing/index.ts'
import { genesis } from './genesis.ts'
import { automerge, decoded, library, typed, writable, write } from './writing.test.helper.ts'

/** Something of everything, by two clients. */
function story(): { readonly updates: readonly Update[]; readonly document: EngineDocument } {
  const one = writable(1)
  const first = write(one, () => {
    one.registers.append('title', 2 ** 52 + 1, { some: ['value'] })
    one.text.insert(0, 'a😀b')
    one.list.insert(0, [1, 'two'])
  }).update
  const second = write(one, () => {
    one.registers.remove('title')
    one.registers.append('title', 3, 'new')
    one.registers.append('title', 4, 'beside')
    one.text.format(0, 3, { bold: true })
    one.text.delete(3, 1)
  }).update
  const other = writable(0xdeadbeef, first)
  const third = write(other, () => other.list.delete(0, 1)).update
  one.apply([third])
  return { updates: [first, second, third], document: one }
}

const pinned = {
  updates: [
    [
      '856f4a830a83272c017601817ebe2184ba02f3aaae50f24bc9c3f36839c1b01df40e34c4a4c48adcc0272f04000000010102',
      '000001017208010202021507340142025603572570027f017f017f057469746c65017f017fd6045b34353033353939363237',
      '3337303439372c7b22736f6d65223a5b2276616c7565225d7d5d7f00856f4a832b91a7f6017c020a83272c9808f97126519d',
      'c43b6b94a7b24d0f4aab4b62f36f7f00600ace5224f1786f7a55bd9d95432250452f4d29be5f815036fc0f362b772f1ada3e',
      'f1d8f30400000001020300000101740901020202110413043402420256045706700203010301000102007d00030100030301',
      '7d16461661f09f9880620300856f4a83b319ea35017a022b91a7f6c2484bc5d6040c65163e77a9ee8f021b59100234aefa47',
      '2f64c4ed548753f61aba730b10d898da14ca37a97dda23b65eed0856b6950734f84c52f23204000000010306000001016c09',
      '0102020211041303340242025603570670020201020100017f007e0006000202017e1656312274776f220200',
    ].join(''),
    [
      '856f4a832c2823fa016201b319ea355a8d76aa13a6b61e7c4faf188d65396781275d838e4da4e180d4c87d04000000010408',
      '00000101720a01020202150734014202560357097002710273027f017f017f057469746c65017f017f96015b332c226e6577',
      '225d7f017f007f02856f4a833510c101015d012c2823fa43533d30389b2b44b936ff7c27d6b09ef7618e7618cfed123a8d7a',
      'a204000000010509000001017208010202021507340142025603570c70027f017f017f057469746c65017f017fc6015b342c',
      '22626573696465225d7f00856f4a8355a726990178013510c101489dac1c79a51a6e633a4ff727eda446da60d83c7a2dfc70',
      'c2b1b51a0400000001060a00000101740d01020202110413043403420456045704700471027302940103a501080301030100',
      '0102007d00040100020102077f037f4602007472756502007f017f007f050101017f04626f6c640002',
    ].join(''),
    [
      '856f4a831fe9b016015a01b319ea355a8d76aa13a6b61e7c4faf188d65396781275d838e4da4e180d4c87d04deadbeef0108',
      '0000020400000001016c0a01020202110213023401420256027002710273027f027f017f017f06017f037f007f017f017f06',
    ].join(''),
  ],
  snapshot: [
    '856f4a833ab870c6009103050400000001016c0172017404deadbeef021fe9b01662772f2fb03fc98b2600a92221a6b1f49e',
    'f013260a19e1b341e33f9b55a72699e40a081f87b080a19050128352bf9f9f6d005c27abbdbccf1d9d7f5d07010a030c130c',
    '230240094306560210010802041108130d1512210623103404420d5610574a80010a810104830104940103a5010a7b020003',
    '000104007f047f0102007d017f0203017f7b02017c7f047c0602017e037c0a007a00010002000204017f0007017f7e0a0700',
    '0302010302050300030a0100047f000005030000037e000600037b7a000301007d016c01720174000203057469746c650005',
    '7d0102030a007f0102007c05017b0602017c7901077a030203057d02000405017f0702017e07010300761656d6049601c601',
    '4616460016312274776f225b343530333539393632373337303439372c7b22736f6d65223a5b2276616c7565225d7d5d5b33',
    '2c226e6577225d5b342c22626573696465225d7472756561f09f98806203007d01000106007f017f0402007d0800040b0101',
    '00087f04626f6c6400040908',
  ].join(''),
  state: {
    text: 'a😀',
    runs: [{ text: 'a😀', marks: { bold: true } }],
    list: ['two'],
    registers: [
      [
        'title',
        [
          [3, 'new'],
          [4, 'beside'],
        ],
      ],
    ],
    lengths: [3, 1],
  },
}

test('[DO213] the bytes of updates and snapshots are pinned', () => {
  const { updates, document } = story()
  expect(updates.map(({ bytes }) => toHex(bytes))).toEqual(pinned.updates)
  expect(toHex(document.snapshot().bytes)).toBe(pinned.snapshot)
})

test('[DO213] and stay readable', () => {
  for (const stored of [pinned.updates, pinned.updates.toReversed(), [pinned.snapshot]]) {
    const document = documentOf(
      automerge,
      stored.map((hex) => ({ encoding: 'automerge', bytes: fromHex(hex) ?? new Uint8Array() })),
    )
    expect(JSON.parse(stateOf(document))).toEqual(pinned.state)
  }
})

test('[DO213] the same writes give the same bytes, and no time and no message is in them', () => {
  const [one, other] = [story(), story()]
  expect(one.updates).toEqual(other.updates)
  expect(one.document.snapshot()).toEqual(other.document.snapshot())
  for (const { time, message } of one.updates.flatMap(decoded)) expect([time, message]).toEqual([0, null])
})

test('[DO213] bare Automerge reads what is in the bytes', () => {
  const { document } = story()
  const bare = library.create('ff')
  bare.call((raw) => raw.loadIncremental(document.snapshot().bytes))
  const read = bare.call((raw) => ({
    map: raw.getAll(genesis.registers.object, 'title').map(([, value]) => value),
    text: raw.spans(genesis.text.object),
    list: raw.materialize(genesis.list.object),
  }))
  expect(read).toEqual({
    map: ['[3,"new"]', '[4,"beside"]'],
    text: [{ type: 'text', value: 'a😀', marks: { bold: 'true' } }],
    list: ['"two"'],
  })
})

test('[DO213] a write that replaces all it saw is one operation; beside others it is a change of its own', () => {
  const document = writable(1)
  const { registers } = document
  write(document, () => registers.append('k', 1, 'a'))
  const over = write(document, () => {
    registers.remove('k')
    registers.append('k', 2, 'b')
  })
  expect(decoded(over.update).map(({ ops }) => ops.length)).toEqual([1])
  const beside = write(document, () => registers.append('k', 2, 'c'))
  expect(decoded(beside.update).map(({ ops }) => ops.map(({ pred }) => pred))).toEqual([[[]]])
})

test('[DO213] the same value written again is another write', () => {
  const document = writable(1)
  const { registers } = document
  const again = (): unknown => {
    write(document, () => {
      registers.remove('k')
      registers.append('k', 1, 'same')
    })
    return registers.survivors('k').map(({ clock }) => clock)
  }
  const clocks = [again(), again(), again()]
  expect(new Set(clocks.map((each) => JSON.stringify(each))).size).toBe(3)
  expect(documentOf(automerge, [document.snapshot()]).registers.survivors('k')).toEqual(registers.survivors('k'))
})

test('[DO214] a client writes under its 32 bits in hex, and its clock counts on with what it has seen', () => {
  const document = writable(0xab, typed(writable(1), 'abc').update)
  const { update } = typed(document, 'd')
  expect(decoded(update).map(({ actor, seq, startOp }) => [actor, seq, startOp])).toEqual([['000000ab', 1, 5]])
  expect([document.clientClock(0xab), document.clientClock(1), document.clientClock(2)]).toEqual([6, 5, 0])
  expect(() => document.setClient(2 ** 32)).toThrow('32 bits')
})

test('[DO214] a clock is told inside a transaction too, and nothing of it is lost', () => {
  const document = writable(1)
  const { update } = write(document, () => {
    document.text.insert(0, 'a')
    expect(document.clientClock(1)).toBe(3)
    document.text.insert(1, 'b')
    expect(document.clientClock(2)).toBe(0)
  })
  expect(documentOf(automerge, [update]).text.read()).toBe('ab')
})

test('[DO214] a document that takes another client id keeps what waits', () => {
  const one = writable(1)
  const [first, second] = [typed(one, 'a').update, typed(one, 'b').update]
  const document = writable(2, second)
  document.setClient(3)
  expect(document.pending()).toBe(true)
  document.apply([first])
  expect([document.text.read(), document.pending()]).toEqual(['ab', false])
})
