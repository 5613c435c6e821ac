import { useLanguage } from '../i18n/language-provider.tsx'
import { LANGUAGES } from '../i18n/languages.ts'
import { Segments } from '../ui/segments.tsx'

/** Whoever cannot read the page finds it all the same. */
const LABEL = 'Language, Sprache, 语言'

export function LanguageChoice() {
  const { language, choose } = useLanguage()
  return (
    <Segments
      label={LABEL}
      choices={LANGUAGES.map(({ id, name }) => ({ id, label: name }))}
      value={language}
      onChange={choose}
    />
  )
}
