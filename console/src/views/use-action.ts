import { useCallback, useState } from 'react'
import { ApiFailure } from '../api/api-client.ts'

export interface Action {
  readonly isPending: boolean
  /** Why the last try failed. */
  readonly failure: ApiFailure | null
  /**
   * Runs `work`; a second call while one runs does nothing. After it succeeded the action stays pending
   * for `settleMs`, where the answer shows elsewhere a little later and a second press would do harm.
   */
  readonly run: (work: () => Promise<unknown>, settleMs?: number) => void
}

export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  return new ApiFailure(0, error instanceof Error ? error.message : String(error), '')
}

/** Something a person asked the server for: never shown as done before the server says so. */
export function useAction(): Action {
  const [isPending, setPending] = useState(false)
  const [failure, setFailure] = useState<ApiFailure | null>(null)
  const run = useCallback(
    (work: () => Promise<unknown>, settleMs = 0) => {
      if (isPending) return
      setPending(true)
      setFailure(null)
      work().then(
        () => {
          if (settleMs === 0) setPending(false)
          else setTimeout(() => setPending(false), settleMs)
        },
        (error: unknown) => {
          setFailure(asFailure(error))
          setPending(false)
        },
      )
    },
    [isPending],
  )
  return { isPending, failure, run }
}
