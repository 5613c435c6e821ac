import { ERROR_CONDITIONS, type Hl7Fault } from './hl7-fault.ts'
import { USUAL_DELIMITERS, type Hl7Message } from './message.ts'
import { writeMessage, writeSegment, writeTime } from './write-message.ts'

/** Answers are in the version of the question; where that cannot be read, in this one. */
const VERSION = '2.5.1'
/** Of MSA-3 until version 2.6. */
const MOST_WORDS = 80

/**
 * The acknowledgement in original mode (2.9.2): AA, or what `fault` says with an ERR segment.
 *
 * @param message `null`: it could not be read
 * @param words for MSA-3 where it was taken
 */
export function acknowledge(
  message: Hl7Message | null,
  {
    fault,
    words,
    controlId,
    nowMs,
  }: { fault: Hl7Fault | null; words: string; controlId: string; nowMs: number },
): string {
  const delimiters = message?.delimiters ?? USUAL_DELIMITERS
  const field = (path: string) => message?.value(path) ?? ''
  const all = (path: string) => ({ parts: message?.components(path) ?? [''] })
  const version = field('MSH-12') || VERSION
  const trigger = field('MSH-9.2')
  const segments = [
    writeSegment(
      'MSH',
      [
        all('MSH-5'),
        all('MSH-6'),
        all('MSH-3'),
        all('MSH-4'),
        writeTime(nowMs),
        '',
        { parts: ['ACK', ...(trigger === '' ? [] : [trigger, 'ACK'])] },
        controlId,
        field('MSH-11') || 'P',
        version,
        '',
        '',
        '',
        '',
        '',
        message?.characterSet ?? '',
      ],
      delimiters,
    ),
    writeSegment(
      'MSA',
      [fault?.ackCode ?? 'AA', field('MSH-10'), (fault?.message ?? words).slice(0, MOST_WORDS)],
      delimiters,
    ),
  ]
  if (fault !== null) segments.push(writeSegment('ERR', errorFields(fault, version), delimiters))
  return writeMessage(segments)
}

/** ERR-1 until 2.4; ERR-2, 3, 4 and 8 since 2.5. */
function errorFields({ location, condition, message }: Hl7Fault, version: string) {
  const [segment = '', field = ''] = location.split('-')
  const where = location === '' ? [] : [segment, '1', field]
  const code = [String(condition), ERROR_CONDITIONS[condition], 'HL70357']
  return /^2\.[0-4]/.test(version)
    ? [{ parts: [...where, ...Array<string>(3 - where.length).fill(''), code[0]!] }]
    : ['', { parts: where }, { parts: code }, 'E', '', '', '', message]
}
