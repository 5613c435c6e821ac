import type { ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'
import { LanguageChoice } from './language-choice.tsx'

/** What stands around every step of signing in. */
export function SignInCard(props: { readonly hospitalName: string; readonly children: ReactNode }) {
  const text = useText()
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header>
          <p className="brand">{text.appName}</p>
          <p className="sign-in-hospital">{props.hospitalName}</p>
        </header>
        {props.children}
        <LanguageChoice />
      </div>
    </main>
  )
}
