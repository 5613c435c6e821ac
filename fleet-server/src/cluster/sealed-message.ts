import { createHmac, timingSafeEqual } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

const MAC_BYTES = 32

/**
 * A message between servers over a broker that robots use too: whoever may publish there must not be able to make
 * up a plan. The seal is an HMAC-SHA256 over topic and content, by the secret of the servers.
 *
 * @param content anything that can be cloned to a thread
 */
export function seal(topic: string, content: unknown, secret: string): Buffer {
  // Rooms and their grids are large and repeat themselves.
  const body = deflateRawSync(serialize(content))
  return Buffer.concat([mac(topic, body, secret), body])
}

/** @returns `null` for what none of the servers has sealed for this topic */
export function unseal(topic: string, message: Buffer, secret: string): unknown {
  if (message.length <= MAC_BYTES) return null
  const body = message.subarray(MAC_BYTES)
  if (!timingSafeEqual(message.subarray(0, MAC_BYTES), mac(topic, body, secret))) return null
  return deserialize(inflateRawSync(body))
}

function mac(topic: string, body: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update(topic).update('\0').update(body).digest()
}
