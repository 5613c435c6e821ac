/** Of table 0008: AE, an error that its sender may mend; AR, refused for what kind of message it is, or because we fail. */
export type FaultCode = 'AE' | 'AR'

/** Table 0357, message error conditions. */
export const ERROR_CONDITIONS = {
  100: 'Segment sequence error',
  101: 'Required field missing',
  102: 'Data type error',
  103: 'Table value not found',
  200: 'Unsupported message type',
  201: 'Unsupported event code',
  202: 'Unsupported processing id',
  203: 'Unsupported version id',
  204: 'Unknown key identifier',
  206: 'Application record locked',
  207: 'Application internal error',
} as const
export type ErrorCondition = keyof typeof ERROR_CONDITIONS

/** Why a message is not taken. It never quotes what a message says of a patient. */
export class Hl7Fault extends Error {
  override readonly name = 'Hl7Fault'
  readonly ackCode: FaultCode
  readonly condition: ErrorCondition
  /** `PV1-3`; empty: the message as a whole. */
  readonly location: string

  constructor(ackCode: FaultCode, condition: ErrorCondition, location: string, words: string) {
    super(words)
    this.ackCode = ackCode
    this.condition = condition
    this.location = location
  }
}
