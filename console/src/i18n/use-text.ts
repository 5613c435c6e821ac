import { createContext, useContext } from 'react'
import { en, type Dictionary } from './en.ts'

export const TextContext = createContext<Dictionary>(en)

/** The texts of the language in use. */
export function useText(): Dictionary {
  return useContext(TextContext)
}
