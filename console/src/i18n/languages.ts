import { en, type Dictionary } from './en.ts'

export type Language = 'en' | 'de' | 'zh'

interface LanguageEntry {
  readonly id: Language
  /** In the language itself: who looks for it knows no other one. */
  readonly name: string
  readonly load: () => Promise<Dictionary>
}

export const LANGUAGES: readonly LanguageEntry[] = [
  { id: 'en', name: 'English', load: async () => en },
  { id: 'de', name: 'Deutsch', load: async () => (await import('./de.ts')).de },
  { id: 'zh', name: '中文', load: async () => (await import('./zh.ts')).zh },
]

/**
 * The language to begin in: what was chosen in this browser, else the first of the browser's own that there is, else English.
 *
 * @param preferred as browsers have them: `de-AT`, `zh-Hans-CN`
 */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const known = (tag: string) => LANGUAGES.find(({ id }) => id === tag.split('-')[0]!.toLowerCase())?.id
  for (const tag of chosen === null ? preferred : [chosen, ...preferred]) {
    const language = known(tag)
    if (language !== undefined) return language
  }
  return 'en'
}
