import type { Header } from '../header.ts'
import { VDA5050_VERSION } from '../messages.ts'

/** The `version` of a header, `[Major].[Minor].[Patch]` (2.1, 6.4). */
const HEADER_VERSIONS = { '2.0': '2.0.0', '2.1': '2.1.0' } as const
export type V2Version = keyof typeof HEADER_VERSIONS

/** 2.1, 6.4: `YYYY-MM-DDTHH:mm:ss.ffZ`, hundredths; 3.0, 7.2: milliseconds. */
export function headerToV2<Message extends Header>(message: Message, version: V2Version): Message {
  return {
    ...message,
    timestamp: withDecimals(message.timestamp, 2),
    version: HEADER_VERSIONS[version],
  }
}

export function headerFromV2<Message extends Header>(message: Message): Message {
  return { ...message, timestamp: withDecimals(message.timestamp, 3), version: VDA5050_VERSION }
}

/** Cut, not rounded: a message must not claim to be newer than it is. */
function withDecimals(timestamp: string, decimals: number): string {
  const [seconds, fraction = ''] = timestamp.replace('Z', '').split('.')
  return `${seconds}.${fraction.padEnd(decimals, '0').slice(0, decimals)}Z`
}

/** The object without these, and without what is `undefined`. */
export function without<Value extends object, Key extends PropertyKey>(
  value: Value,
  ...keys: readonly Key[]
): Omit<Value, Key> {
  const gone = new Set<PropertyKey>(keys)
  return Object.fromEntries(
    Object.entries(value).filter(([key, entry]) => !gone.has(key) && entry !== undefined),
  ) as Omit<Value, Key>
}

/** `{ [key]: value }`, or nothing where there is no value. */
export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value }
}
