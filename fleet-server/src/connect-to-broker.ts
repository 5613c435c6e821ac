import { wardError } from '@wardlight/core/errors'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { withoutPassword } from './without-password.ts'

/** A broker that does not answer by then is not there, milliseconds. */
const CONNECT_WITHIN_MS = 10_000

/**
 * The first connection to a broker outside: it must stand. Later mqtt.js comes back by itself, where `options` let it.
 *
 * @param whose broker it is, for people, and what helps where it does not take us
 * @throws WARD_ERR_BROKER
 */
export async function connectToBroker(
  url: string,
  options: IClientOptions,
  whose: { readonly name: string; readonly remedy?: string } = { name: 'The broker' },
): Promise<MqttClient> {
  try {
    const client = await connectAsync(url, { connectTimeout: CONNECT_WITHIN_MS, ...options }, false)
    // Unheard, the event would end the process.
    client.on('error', () => {})
    return client
  } catch (cause) {
    throw wardError('WARD_ERR_BROKER', {
      what: `${whose.name} does not take us: ${String(cause)}`,
      where: withoutPassword(url),
      ...(whose.remedy === undefined ? {} : { remedy: whose.remedy }),
      cause,
    })
  }
}
