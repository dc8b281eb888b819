import { expect, test } from 'vitest'
import { Session } from './devices.test.helper.ts'
import type { Device } from './devices.test.helper.ts'
import type { Named } from './policies.test.helper.ts'

interface Scenario {
  /** By how much the clock of the laptop is ahead. */
  readonly aheadMs?: number
  play(session: Session): void
  read(device: Device): unknown
  /** What both devices show in the end. */
  readonly left: Readonly<Record<Named, unknown>>
}

function scenario(title: string, { aheadMs = 0, play, read, left }: Scenario): void {
  test(title, () => {
    const found = Object.keys(left).map((name) => {
      const session = new Session(name as Named, aheadMs)
      play(session)
      expect([name, read(session.laptop)]).toEqual([name, read(session.phone)])
      return [name, read(session.phone)]
    })
    expect(Object.fromEntries(found)).toEqual(left)
  })
}

const fields = ({ note }: Device): unknown => {
  const { title, status } = note.view()
  return `${title}, ${status}`
}
const title = ({ note }: Device): unknown => note.view().title

scenario('[DO232] two devices change different fields offline: records lose one of them, fields none', {
  play(session) {
    const { phone, laptop } = session
    phone.title('Phone')
    laptop.do((note) => note.edit('user', (draft) => draft.status.set('done')))
    session.meet(phone, laptop)
  },
  read: fields,
  left: {
    'record wall-clock': 'Old, done',
    'record hybrid-clock': 'Old, done',
    'record arrival': 'Old, done',
    'record server-wins': 'Phone, open',
    'record client-wins': 'Old, done',
    'field wall-clock': 'Phone, done',
    'field hybrid-clock': 'Phone, done',
    'field arrival': 'Phone, done',
  },
})

scenario(
  '[DO232] two devices change one field offline: one value is left, by which was later or arrived first or last',
  {
    play(session) {
      const { phone, laptop } = session
      phone.title('Phone')
      laptop.title('Laptop')
      session.meet(laptop, phone)
    },
    read: title,
    left: {
      'record wall-clock': 'Laptop',
      'record hybrid-clock': 'Laptop',
      'record arrival': 'Phone',
      'record server-wins': 'Laptop',
      'record client-wins': 'Phone',
      'field wall-clock': 'Laptop',
      'field hybrid-clock': 'Laptop',
      'field arrival': 'Phone',
    },
  },
)

scenario('[DO233] a clock 60 s ahead wins over what was written 30 s later, unless the log decides', {
  aheadMs: 60_000,
  play(session) {
    const { phone, laptop } = session
    laptop.title('Laptop')
    session.wait(30_000)
    phone.title('Phone')
    session.meet(laptop, phone)
  },
  read: title,
  left: {
    'record wall-clock': 'Laptop',
    'record hybrid-clock': 'Laptop',
    'record arrival': 'Phone',
    'record server-wins': 'Laptop',
    'record client-wins': 'Phone',
    'field wall-clock': 'Laptop',
    'field hybrid-clock': 'Laptop',
    'field arrival': 'Phone',
  },
})

scenario('[DO233] what was written knowing of the other is lost by the clock of the wall alone', {
  aheadMs: 60_000,
  play(session) {
    const { phone, laptop } = session
    laptop.title('Laptop')
    session.meet(laptop, phone)
    session.wait(30_000)
    phone.title('Phone, seeing Laptop')
    session.meet(phone, laptop)
  },
  read: title,
  left: {
    'record wall-clock': 'Laptop',
    'record hybrid-clock': 'Phone, seeing Laptop',
    'record arrival': 'Phone, seeing Laptop',
    'record server-wins': 'Phone, seeing Laptop',
    'record client-wins': 'Phone, seeing Laptop',
    'field wall-clock': 'Laptop',
    'field hybrid-clock': 'Phone, seeing Laptop',
    'field arrival': 'Phone, seeing Laptop',
  },
})

scenario('[DO233] so it is for texts, which have no stamp to go by', {
  aheadMs: 60_000,
  play(session) {
    const { phone, laptop } = session
    laptop.do((note) => note.edit('user', (draft) => draft.body.insert(3, ' Laptop')))
    session.meet(laptop, phone)
    session.wait(30_000)
    phone.do((note) => note.edit('user', (draft) => draft.body.insert(0, 'Phone ')))
    session.meet(phone, laptop)
  },
  read: ({ note }) => note.view().body,
  left: {
    'record wall-clock': 'abc Laptop',
    'record hybrid-clock': 'Phone abc Laptop',
    'record arrival': 'Phone abc Laptop',
    'record server-wins': 'Phone abc Laptop',
    'record client-wins': 'Phone abc Laptop',
    'field wall-clock': 'abc Laptop',
    'field hybrid-clock': 'Phone abc Laptop',
    'field arrival': 'Phone abc Laptop',
  },
})

test('[DO233] who is behind a clock that is ahead does not even see what they write', () => {
  const { phone, laptop } = new Session('field wall-clock', 60_000)
  laptop.title('Laptop')
  laptop.sync()
  phone.sync()
  phone.title('Phone')
  expect(title(phone)).toBe('Laptop')
})

scenario('[DO234] what was written on Monday and arrives on Wednesday overwrites what was written on Tuesday', {
  play(session) {
    const { phone, laptop } = session
    const day = 24 * 3_600_000
    phone.title('Monday')
    session.wait(day)
    laptop.title('Tuesday')
    laptop.sync()
    session.wait(day)
    session.meet(phone, laptop)
  },
  read: title,
  left: {
    'record wall-clock': 'Tuesday',
    'record hybrid-clock': 'Tuesday',
    'record arrival': 'Monday',
    'record server-wins': 'Tuesday',
    'record client-wins': 'Monday',
    'field wall-clock': 'Tuesday',
    'field hybrid-clock': 'Tuesday',
    'field arrival': 'Monday',
  },
})

scenario('[DO232] one deletes and the other edits: an edit of a whole record undoes the deletion', {
  play(session) {
    const { phone, laptop } = session
    phone.do((note) => note.delete())
    laptop.title('Laptop')
    session.meet(phone, laptop)
  },
  read: ({ note }) => note.exists(),
  left: {
    'record wall-clock': true,
    'record hybrid-clock': true,
    'record arrival': true,
    'record server-wins': false,
    'record client-wins': true,
    'field wall-clock': false,
    'field hybrid-clock': false,
    'field arrival': false,
  },
})

scenario('[DO235] server-wins drops what was written offline, with all that was written on it', {
  play(session) {
    const { phone, laptop } = session
    laptop.title('Laptop')
    laptop.sync()
    for (const each of ['One', 'Two', 'Three']) phone.title(each)
    phone.do((note) => note.edit('user', (draft) => draft.status.set('done')))
    session.meet(phone, laptop)
  },
  read: fields,
  left: {
    'record wall-clock': 'Three, done',
    'record hybrid-clock': 'Three, done',
    'record arrival': 'Three, done',
    'record server-wins': 'Laptop, open',
    'record client-wins': 'Three, done',
    'field wall-clock': 'Three, done',
    'field hybrid-clock': 'Three, done',
    'field arrival': 'Three, done',
  },
})

scenario('[DO236] client-wins overwrites what the server has, also the fields that the client did not touch', {
  play(session) {
    const { phone, laptop } = session
    phone.title('Phone')
    session.wait(1000)
    laptop.do((note) => note.edit('user', (draft) => draft.status.set('done')))
    session.meet(laptop, phone)
  },
  read: fields,
  left: {
    'record wall-clock': 'Old, done',
    'record hybrid-clock': 'Old, done',
    'record arrival': 'Phone, open',
    'record server-wins': 'Old, done',
    'record client-wins': 'Phone, open',
    'field wall-clock': 'Phone, done',
    'field hybrid-clock': 'Phone, done',
    'field arrival': 'Phone, done',
  },
})

scenario('[DO237] two devices write into one text: one text is left', {
  play(session) {
    const { phone, laptop } = session
    phone.do((note) => note.edit('user', (draft) => draft.body.insert(0, 'Phone ')))
    laptop.do((note) => note.edit('user', (draft) => draft.body.insert(3, ' Laptop')))
    session.meet(phone, laptop)
  },
  read: ({ note }) => note.view().body,
  left: {
    'record wall-clock': 'abc Laptop',
    'record hybrid-clock': 'abc Laptop',
    'record arrival': 'abc Laptop',
    'record server-wins': 'Phone abc',
    'record client-wins': 'abc Laptop',
    'field wall-clock': 'abc Laptop',
    'field hybrid-clock': 'abc Laptop',
    'field arrival': 'abc Laptop',
  },
})

scenario('[DO232] a counter and a set, which have a register for each writer and element, lose nothing by fields', {
  play(session) {
    const { phone, laptop } = session
    const add =
      (minutes: number, tag: string): Parameters<Device['do']>[0] =>
      (note) =>
        note.edit('user', (draft) => {
          draft.minutes.add(minutes)
          draft.tags.add(tag)
        })
    phone.do(add(5, 'phone'))
    laptop.do(add(7, 'laptop'))
    session.meet(phone, laptop)
  },
  read: ({ note }) => [note.view().minutes, ...note.view().tags].join(),
  left: {
    'record wall-clock': '7,laptop',
    'record hybrid-clock': '7,laptop',
    'record arrival': '7,laptop',
    'record server-wins': '5,phone',
    'record client-wins': '7,laptop',
    'field wall-clock': '12,laptop,phone',
    'field hybrid-clock': '12,laptop,phone',
    'field arrival': '12,laptop,phone',
  },
})
