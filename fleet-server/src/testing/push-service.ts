import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, type ECDH } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NewDuty, PushMessage } from '@wardlight/core/fleet'
import { jwtVerify } from 'jose'

/** What a browser behind the push service was told. */
export interface Pushed {
  readonly path: string
  readonly message: PushMessage
  readonly headers: IncomingHttpHeaders
  /** Of the token by which the sender is known. */
  readonly sender: { readonly aud: unknown; readonly sub: unknown; readonly exp: number }
}

/** A push service, and the browsers behind it, that trust nobody: they check the sender and open what they are sent. */
export class PushService {
  readonly pushed: Pushed[] = []
  /** Sent, and not to be read or of no sender that one may believe. */
  readonly refused: unknown[] = []
  answer = 201
  readonly #server: Server
  readonly #browsers = new Map<string, { readonly key: ECDH; readonly auth: Buffer }>()
  #senderKey: string | null = null

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        this.#take(request.url!, request.headers, Buffer.concat(chunks)).then(
          (pushed) => {
            if (this.answer < 300) this.pushed.push(pushed)
            response.writeHead(this.answer).end()
          },
          (error: unknown) => {
            this.refused.push(error)
            response.writeHead(400).end()
          },
        )
      })
    })
  }

  static async listen(): Promise<PushService> {
    const service = new PushService()
    service.#server.listen(0, '127.0.0.1')
    await once(service.#server, 'listening')
    return service
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** As `PushManager.subscribe` does. @param pushKey of the only sender whom it will hear */
  subscribe(pushKey: string): Omit<NewDuty, 'hours'> {
    this.#senderKey = pushKey
    const key = createECDH('prime256v1')
    key.generateKeys()
    const auth = randomBytes(16)
    const path = `/push/${this.#browsers.size + 1}`
    this.#browsers.set(path, { key, auth })
    return {
      endpoint: `${this.origin}${path}`,
      keys: { p256dh: key.getPublicKey('base64url'), auth: auth.toString('base64url') },
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #take(path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Pushed> {
    const browser = this.#browsers.get(path)
    if (browser === undefined) throw new Error(`nobody is at ${path}`)
    const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? []
    if (token === undefined || key === undefined || key !== this.#senderKey) throw new Error('another sender')
    // RFC 8292, 2 and 3.2: a token of the key, for this service alone, for a day at most.
    const { payload } = await jwtVerify(token, publicKeyOf(key), {
      audience: this.origin,
      algorithms: ['ES256'],
    })
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('another encoding')
    const message = JSON.parse(decrypt(body, browser).toString()) as PushMessage
    return { path, message, headers, sender: { aud: payload.aud, sub: payload.sub, exp: payload.exp! } }
  }
}

function publicKeyOf(base64url: string) {
  const point = Buffer.from(base64url, 'base64url')
  return createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  })
}

/** RFC 8188, 2.1 and RFC 8291, 3.4: one record. */
function decrypt(body: Buffer, { key, auth }: { readonly key: ECDH; readonly auth: Buffer }): Buffer {
  const salt = body.subarray(0, 16)
  const keyLength = body.readUInt8(20)
  const senderKey = body.subarray(21, 21 + keyLength)
  const sealed = body.subarray(21 + keyLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), senderKey])
  const secret = Buffer.from(hkdfSync('sha256', key.computeSecret(senderKey), auth, info, 32))
  const contentKey = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce)
  decipher.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2))
}
