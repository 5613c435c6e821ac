import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

interface Cost {
  /** CPU and memory cost, a power of two. */
  readonly N: number
  readonly r: number
  readonly p: number
}

/** For people. OWASP Password Storage Cheat Sheet: scrypt with N = 2^15, r = 8, p = 3 (32 MiB). */
export const PERSON_COST: Cost = { N: 2 ** 15, r: 8, p: 3 }
/** For robots whose password somebody has chosen. */
export const ROBOT_COST: Cost = { N: 2 ** 13, r: 8, p: 1 }
/** Where we made it: 192 random bits are not guessed however cheap a guess is, and a whole fleet may reconnect at once. */
export const MADE_COST: Cost = { N: 2 ** 4, r: 8, p: 1 }

const KEY_BYTES = 32
const SALT_BYTES = 16

/** The hash with its parameters and salt, as `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string, cost: Cost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$')
}

/** Whether it is the password of that hash. Takes the same time for any wrong one. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [method, N, r, p, salt, key] = hash.split('$')
  if (method !== 'scrypt' || salt === undefined || key === undefined) return false
  const expected = Buffer.from(key, 'base64')
  const given = await derive(password, Buffer.from(salt, 'base64'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  // Node refuses to use more than `maxmem`; scrypt needs 128·N·r bytes and a little.
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
