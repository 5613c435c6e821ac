import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acknowledge } from './acknowledgement.ts'
import { Hl7Fault } from './hl7-fault.ts'
import { parseMessage, USUAL_DELIMITERS, type Delimiters } from './message.ts'
import { encodeMessage, writeMessage, writeSegment } from './write-message.ts'

function faultOf(bytes: Buffer): Pick<Hl7Fault, 'ackCode' | 'condition' | 'location'> {
  try {
    parseMessage(bytes)
  } catch (error) {
    if (error instanceof Hl7Fault) return error
  }
  throw new Error('It was taken')
}

const delimiters = fc
  .uniqueArray(fc.constantFrom(...'|^~\\&#$*!+;:<>%@'.split('')), { minLength: 5, maxLength: 5 })
  .map(
    ([field, component, repetition, escape, subcomponent]) =>
      ({ field, component, repetition, escape, subcomponent }) as Delimiters,
  )

describe('a message', () => {
  it('gives back every text that was written into it, whatever its delimiters', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      // Who writes two quotes means nothing at all, and spaces around a value are not told.
      .filter((each) => each.trim() === each && each !== '""' && !each.includes('\u0000'))
    fc.assert(
      fc.property(delimiters, text, text, (signs, first, second) => {
        const msh = Array<string>(16).fill('')
        msh[15] = 'UNICODE UTF-8'
        const written = writeMessage([
          writeSegment('MSH', msh, signs),
          writeSegment('ZZZ', ['', { parts: ['x', first] }, second], signs),
        ])
        const message = parseMessage(encodeMessage(written, 'UNICODE UTF-8'))
        expect([message.value('ZZZ-2.2'), message.value('ZZZ-3')]).toEqual([first, second])
      }),
    )
  })

  it('is read in the character set that it names, and as 8859-1 where it names none', () => {
    const head = 'MSH|^~\\&|A|B|C|D|20260105||ADT^A01|1|P|2.5.1||||||'
    const latin = Buffer.from(`${head}\rZZZ|Größe\r`, 'latin1')
    expect(parseMessage(latin).value('ZZZ-1')).toBe('Größe')
    const utf8 = Buffer.from(`${head}UNICODE UTF-8\rZZZ|Größe Ω\r`)
    expect(parseMessage(utf8).value('ZZZ-1')).toBe('Größe Ω')
    const latin2 = Buffer.concat([Buffer.from(`${head}8859/2\rZZZ|`), Buffer.of(0xb1), Buffer.from('\r')])
    expect(parseMessage(latin2).value('ZZZ-1')).toBe('ą')
    const broken = Buffer.concat([Buffer.from(`${head}UNICODE UTF-8\rZZZ|`), Buffer.of(0xff, 0xfe)])
    expect(faultOf(broken)).toMatchObject({ ackCode: 'AE', location: 'MSH-18', condition: 102 })
    expect(faultOf(Buffer.from(`${head}BIG-5\r`))).toMatchObject({ ackCode: 'AE', condition: 103 })
  })

  it('has repetitions, subcomponents, escapes in hexadecimal, and fields that say nothing', () => {
    const message = parseMessage(
      Buffer.from('MSH|^~\\&|A\nZZZ|a&b^c~d^e|""|\\X41\\\\.br\\\\Zx\\|end\\\r\nZZZ|f'),
    )
    expect(message.values('ZZZ-1')).toEqual(['a', 'd', 'f'])
    expect(message.values('ZZZ-1.2')).toEqual(['c', 'e', ''])
    expect(message.value('ZZZ-2')).toBe('')
    expect(message.value('ZZZ-3')).toBe('A')
    expect(message.value('ZZZ-4')).toBe('end\\')
    expect(message.value('MSH-3')).toBe('A')
    expect(message.value('ZZZ-9')).toBe('')
  })

  it('never breaks anything but itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `MSH|^~\\&${rest}`),
        ),
        (text) => {
          try {
            parseMessage(Buffer.from(text))
          } catch (error) {
            expect(error).toBeInstanceOf(Hl7Fault)
          }
        },
      ),
    )
  })

  it.each(['', 'MSH', 'PID|1', 'MSH|^^~&|', 'MSH||||||', 'MSHA^~\\&A'])('is not %j', (text) => {
    expect(faultOf(Buffer.from(text)).ackCode).toBe('AR')
  })
})

describe('an acknowledgement', () => {
  const question = (version: string) =>
    parseMessage(Buffer.from(`MSH#*~\\&#ADT*1#HOSP#WARD#ROBOTS#20260105##ADT*A03#id\\F\\7#P#${version}\r`))
  const fault = new Hl7Fault('AE', 206, 'PV1-3', 'a robot # is at work')

  it('goes back to who asked, in its delimiters, with its control id', () => {
    const text = acknowledge(question('2.5.1'), { fault: null, words: 'done', controlId: 'X1', nowMs: 0 })
    const answer = parseMessage(Buffer.from(text))
    expect(text.slice(0, 8)).toBe('MSH#*~\\&')
    expect(answer.components('MSH-5')).toEqual(['ADT', '1'])
    expect(answer.value('MSH-3')).toBe('WARD')
    expect(answer.components('MSH-9')).toEqual(['ACK', 'A03', 'ACK'])
    expect([answer.value('MSA-1'), answer.value('MSA-2'), answer.has('ERR')]).toEqual(['AA', 'id#7', false])
  })

  it('says what was wrong and where, as the version of its question has it', () => {
    const newer = parseMessage(
      Buffer.from(acknowledge(question('2.5.1'), { fault, words: '', controlId: 'X1', nowMs: 0 })),
    )
    expect(newer.components('ERR-2')).toEqual(['PV1', '1', '3'])
    expect(newer.components('ERR-3')).toEqual(['206', 'Application record locked', 'HL70357'])
    expect([newer.value('ERR-4'), newer.value('ERR-8')]).toEqual(['E', 'a robot # is at work'])
    const older = parseMessage(
      Buffer.from(acknowledge(question('2.3'), { fault, words: '', controlId: 'X1', nowMs: 0 })),
    )
    expect(older.components('ERR-1')).toEqual(['PV1', '1', '3', '206'])
    expect(older.value('ERR-8')).toBe('')
  })

  it('can be given where nothing could be read', () => {
    const text = acknowledge(null, { fault, words: '', controlId: 'X1', nowMs: 0 })
    expect(parseMessage(Buffer.from(text)).value('MSA-2')).toBe('')
    expect(parseMessage(Buffer.from(text)).delimiters).toEqual(USUAL_DELIMITERS)
  })
})
