import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi } from './api/api-client.ts'
import { en, type Dictionary } from './i18n/en.ts'
import { LanguageProvider } from './i18n/language-provider.tsx'
import { browserClock } from './store/browser-clock.ts'
import { createExternalStore } from './store/external-store.ts'
import { EMPTY_FLEET } from './store/fleet-state.ts'
import { createLiveFeed } from './store/live-feed.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/controls.css'
import './views/views.css'
import { App } from './views/app.tsx'
import { placeKept } from './views/kept-place.ts'

let texts: Dictionary = en
const api = createApi(
  (...request) => fetch(...request),
  () => texts.failures,
)
const onTexts = (shown: Dictionary): void => {
  texts = shown
}
const store = createExternalStore(EMPTY_FLEET)

function createFeed(onLost: () => void) {
  const url = new URL('/api/live', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return createLiveFeed({ clock: browserClock, store, onLost, openSocket: () => new WebSocket(url) })
}

const place = placeKept(() => sessionStorage, window.location.hash)
if (place !== null) window.history.replaceState(window.history.state, '', place)

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no #root')
createRoot(root).render(
  <StrictMode>
    <LanguageProvider onTexts={onTexts}>
      <App api={api} clock={browserClock} store={store} createFeed={createFeed} />
    </LanguageProvider>
  </StrictMode>,
)
