import { useCallback, useEffect, useState } from 'react'
import type { ApiFailure } from '../api/api-client.ts'
import { asFailure } from './use-action.ts'

export interface Resource<Value> {
  readonly value: Value | null
  readonly failure: ApiFailure | null
  readonly reload: () => void
}

/** Loads something of the server once for each key; `null` as key loads nothing. */
export function useResource<Value>(key: string | null, load: () => Promise<Value>): Resource<Value> {
  const [state, setState] = useState<{ key: string | null; value: Value | null; failure: ApiFailure | null }>(
    {
      key: null,
      value: null,
      failure: null,
    },
  )
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (key === null) return undefined
    let isCurrent = true
    load().then(
      (value) => {
        if (isCurrent) setState({ key, value, failure: null })
      },
      (error: unknown) => {
        if (isCurrent) setState({ key, value: null, failure: asFailure(error) })
      },
    )
    return () => {
      isCurrent = false
    }
    // The key says what is loaded; `load` may be a new function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round])
  const reload = useCallback(() => setRound((value) => value + 1), [])
  // What was loaded for another key must not be taken for this one.
  return state.key === key ? { ...state, reload } : { value: null, failure: null, reload }
}
