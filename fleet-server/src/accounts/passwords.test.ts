import { expect, it } from 'vitest'
import { hashPassword, isPassword, MADE_COST, PERSON_COST, ROBOT_COST } from './passwords.ts'

it.each([PERSON_COST, ROBOT_COST, MADE_COST])(
  'knows a password by its salted hash with cost %o',
  async (cost) => {
    const [hash, other] = await Promise.all([hashPassword('Grüße', cost), hashPassword('Grüße', cost)])
    expect(hash).not.toBe(other)
    // Neither as it was typed nor as base64 writes it, in either normal form.
    for (const typed of ['Grüße', 'Grüße'.normalize('NFD')]) {
      expect(hash).not.toContain(typed)
      expect(hash).not.toContain(Buffer.from(typed).toString('base64').replaceAll('=', ''))
    }
    expect(await isPassword('Grüße', hash)).toBe(true)
    // The same letters from another keyboard: composed and decomposed.
    expect(await isPassword('Gru\u0308ße', hash)).toBe(true)
    expect(await isPassword('grüße', hash)).toBe(false)
    expect(await isPassword('Grüße', 'plain')).toBe(false)
  },
)
