import type { BedStatus } from './bed-status.ts'
import { writeMessage, writeSegment, writeTime } from './write-message.ts'

/** ADT^A20 of v2.5.1 (3.3.20): what a bed is now. It has no patient. */
export function bedStatusMessage({
  location,
  status,
  controlId,
  atMs,
}: {
  readonly location: readonly string[]
  readonly status: BedStatus
  readonly controlId: string
  readonly atMs: number
}): string {
  const at = writeTime(atMs)
  return writeMessage([
    writeSegment('MSH', [
      'WARDLIGHT',
      '',
      '',
      '',
      at,
      '',
      { parts: ['ADT', 'A20', 'ADT_A20'] },
      controlId,
      'P',
      '2.5.1',
      '',
      '',
      '',
      '',
      '',
      'UNICODE UTF-8',
    ]),
    writeSegment('EVN', ['A20', at]),
    writeSegment('NPU', [{ parts: location }, status]),
  ])
}
