import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkNewPassword } from './password-policy.ts'

const nora = { name: 'nora.nurse', displayName: 'Nora Lindqvist' }

describe('a new password', () => {
  it.each([
    ['eleven long', 'short words', 'characters'],
    ['her name', 'xx nora.nurse 17', 'your name'],
    ['her last name, shouted', 'hello LINDQVIST!', 'your name'],
    ['a word and a year', 'Password2026', 'guessers'],
    ['the same word twice', 'wardlightwardlight', 'guessers'],
    ['the service and digits', 'Wardlight123', 'guessers'],
    ['counting', '123456789012', 'guessers'],
    ['the alphabet backwards', 'mlkjihgfedcba', 'guessers'],
    ['one key held down', 'aaaaaaaaaaaaaaa', 'guessers'],
  ])('is refused: %s', (_name, password, reason) => {
    expect(() => checkNewPassword(password, nora)).toThrow(reason)
  })

  it.each([
    'correct horse battery staple',
    'grüner Kaffee im Mai',
    'zwölf kleine',
    'password of my grandmother',
  ])('is taken without any rule of composition: %s', (password) =>
    expect(() => checkNewPassword(password, nora)).not.toThrow(),
  )

  it('is counted in characters, in whichever form a keyboard makes them', () => {
    expect(() => checkNewPassword('a\u0308bcdefghijk', nora)).toThrow('11 characters')
    expect(() => checkNewPassword('🐢🦊🐝🐙🦉🐌🐢🦊🐝🐙🦉', nora)).toThrow('11 characters')
    expect(() => checkNewPassword('🐢🦊🐝🐙🦉🐌🐢🦊🐝🐙🦉🐌', nora)).not.toThrow()
  })

  it('never contains the name, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), fc.string({ minLength: 12 }), (before, after) => {
        expect(() => checkNewPassword(`${before}Nora.Nurse${after}`, nora)).toThrow('your name')
      }),
    )
  })
})
