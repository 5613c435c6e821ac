import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { en, type Dictionary } from './en.ts'
import { firstLanguage, LANGUAGES, type Language } from './languages.ts'
import { TextContext } from './use-text.ts'

/** Where the browser keeps what was chosen in it. */
const KEPT_AS = 'wardlight.language'

interface LanguageChoice {
  readonly language: Language
  readonly choose: (language: Language) => void
}

const ChoiceContext = createContext<LanguageChoice>({ language: 'en', choose: () => {} })

export function useLanguage(): LanguageChoice {
  return useContext(ChoiceContext)
}

export interface LanguageProviderProps {
  /** Called with the texts of the language in use, before anything is shown in it. */
  readonly onTexts: (texts: Dictionary) => void
  readonly children: ReactNode
}

/** Gives all below it the texts of one language; until those are loaded nothing is shown, or the one before. */
export function LanguageProvider({ onTexts, children }: LanguageProviderProps) {
  const [language, setLanguage] = useState(() => firstLanguage(keptChoice(), navigator.languages))
  const [texts, setTexts] = useState<Dictionary | null>(null)

  useEffect(() => {
    let isCurrent = true
    const show = (loaded: Dictionary): void => {
      if (!isCurrent) return
      document.documentElement.lang = loaded.locale
      onTexts(loaded)
      setTexts(loaded)
    }
    // A console that cannot load a language is of more use in English than not at all.
    LANGUAGES.find(({ id }) => id === language)!
      .load()
      .then(show, () => show(en))
    return () => {
      isCurrent = false
    }
  }, [language, onTexts])

  const choose = useCallback((chosen: Language) => {
    setLanguage(chosen)
    try {
      localStorage.setItem(KEPT_AS, chosen)
    } catch {
      // A browser that keeps nothing asks again.
    }
  }, [])

  if (texts === null) return null
  return (
    <I18nProvider locale={texts.locale}>
      <ChoiceContext.Provider value={{ language, choose }}>
        <TextContext.Provider value={texts}>{children}</TextContext.Provider>
      </ChoiceContext.Provider>
    </I18nProvider>
  )
}

function keptChoice(): string | null {
  try {
    return localStorage.getItem(KEPT_AS)
  } catch {
    return null
  }
}
