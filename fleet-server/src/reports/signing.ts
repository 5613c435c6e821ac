import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { ProofSignature } from '@wardlight/core/fleet'

/** What stands before the 32 bytes of an Ed25519 key in its SPKI (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** A private key with what is known of it. */
export interface Signer {
  readonly keyId: string
  /** The 32 bytes of the public key, hex. */
  readonly publicKey: string
  sign(bytes: Uint8Array): ProofSignature
}

/** @throws WARD_ERR_CONFIG when it is no Ed25519 key */
export function signerOf(privateKey: KeyObject): Signer {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw notEd25519(privateKey.asymmetricKeyType)
  const publicKey = rawHexOf(createPublicKey(privateKey))
  const keyId = keyIdOf(publicKey)
  return {
    keyId,
    publicKey,
    sign: (bytes) => ({ keyId, publicKey, value: sign(null, bytes, privateKey).toString('hex') }),
  }
}

/**
 * @param pem PKCS8, as `openssl genpkey -algorithm ed25519` writes it
 * @param where for errors
 * @throws WARD_ERR_CONFIG
 */
export function readSigner(pem: string, where: string): Signer {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'It holds no private key that can be read',
      where,
      remedy: 'Make one with `openssl genpkey -algorithm ed25519`.',
      cause,
    })
  }
  return signerOf(key)
}

export function publicKeyOf(rawHex: string): KeyObject {
  return createPublicKey({ key: spkiOf(rawHex), format: 'der', type: 'spki' })
}

/** SHA-256 of the SPKI. */
export function keyIdOf(rawHex: string): string {
  return createHash('sha256').update(spkiOf(rawHex)).digest('hex')
}

export function publicPem(rawHex: string): string {
  return publicKeyOf(rawHex).export({ format: 'pem', type: 'spki' }) as string
}

/**
 * The public keys of a file with one or more of them, by id.
 *
 * @throws WARD_ERR_CONFIG when there is none, or one that is not of Ed25519
 */
export function readPublicKeys(pem: string, where: string): Map<string, KeyObject> {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  if (blocks.length === 0) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'It holds no public key',
      where,
      remedy: 'Give the file that GET /api/proofs/keys answers with.',
    })
  }
  return new Map(
    blocks.map((block) => {
      const key = readPublicKey(block, where)
      return [keyIdOf(rawHexOf(key)), key]
    }),
  )
}

function readPublicKey(pem: string, where: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw wardError('WARD_ERR_CONFIG', { what: 'A public key cannot be read', where, cause })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw notEd25519(key.asymmetricKeyType)
  return key
}

function rawHexOf(publicKey: KeyObject): string {
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return spki.subarray(SPKI_PREFIX.length).toString('hex')
}

function spkiOf(rawHex: string): Buffer {
  return Buffer.concat([SPKI_PREFIX, Buffer.from(rawHex, 'hex')])
}

function notEd25519(type: string | undefined): Error {
  return wardError('WARD_ERR_CONFIG', {
    what: `The key is of type ${type}, proofs are signed by Ed25519`,
    where: 'signing key',
    remedy: 'Make one with `openssl genpkey -algorithm ed25519`.',
  })
}
