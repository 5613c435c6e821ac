import { describe, expect, it } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { firstLanguage, LANGUAGES } from './languages.ts'
import { zh } from './zh.ts'

/** Has a word; units, signs and names of formats are the same everywhere. */
const hasWord = (text: string) => /\p{L}{4,}/u.test(text)

function leaves(value: unknown, path = ''): [path: string, leaf: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, part]) => leaves(part, `${path}.${key}`))
}

describe.each([
  { name: 'German', dictionary: de },
  { name: 'Chinese', dictionary: zh },
])('$name', ({ dictionary }) => {
  const theirs = new Map(leaves(dictionary))
  const ours = leaves(en)

  it('has every text that English has, and no other', () => {
    expect([...theirs.keys()].toSorted()).toEqual(ours.map(([path]) => path).toSorted())
    for (const [path, leaf] of theirs) {
      expect(typeof leaf, path).toBe(typeof new Map(ours).get(path))
      if (typeof leaf === 'string' && new Map(ours).get(path) !== '') expect(leaf.trim(), path).not.toBe('')
    }
  })

  it('takes for every sentence what English takes', () => {
    const arity = (leaf: unknown) => (typeof leaf === 'function' ? leaf.length : null)
    expect(ours.map(([path]) => [path, arity(theirs.get(path))])).toEqual(
      ours.map(([path, leaf]) => [path, arity(leaf)]),
    )
  })
})

describe('Chinese', () => {
  it('is written in Chinese', () => {
    const foreign = leaves(zh).filter(
      ([, leaf]) => typeof leaf === 'string' && hasWord(leaf) && !/\p{Script=Han}/u.test(leaf),
    )
    // A name, and a key of the keyboard.
    expect(foreign.map(([path]) => path)).toEqual(['.appName', '.emergency.keys'])
  })
})

describe('German', () => {
  it('leaves no sentence in English', () => {
    const english = new Map(leaves(en))
    const left = leaves(de).filter(
      ([path, leaf]) =>
        typeof leaf === 'string' && leaf.includes(' ') && hasWord(leaf) && leaf === english.get(path),
    )
    expect(left).toEqual([])
  })
})

describe('the language to begin in', () => {
  it.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['fr', 'zh-Hans-CN', 'en'], 'zh'],
    [null, ['fr'], 'en'],
    [null, [], 'en'],
    ['zh', ['de'], 'zh'],
    ['klingon', ['de'], 'de'],
  ] as const)('is, where %s was chosen and %j preferred, %s', (chosen, preferred, language) => {
    expect(firstLanguage(chosen, preferred)).toBe(language)
  })

  it('says of each what it is called in itself', () => {
    expect(LANGUAGES.map(({ name }) => name)).toEqual(['English', 'Deutsch', '中文'])
  })
})
