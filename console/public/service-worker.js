// Shows alarms on the device of somebody who is on duty, also while no page of the console is open.

/** @typedef {import('@wardlight/core/fleet').PushMessage} PushMessage */

self.addEventListener('push', (event) => {
  /** @type {PushMessage} */
  const message = event.data?.json() ?? {
    title: 'Wardlight',
    text: 'There is something to see.',
    tag: 'unknown',
    isPressing: true,
    path: '/',
  }
  event.waitUntil(
    self.registration.showNotification(message.title, {
      body: message.text,
      tag: message.tag,
      // What is told again is heard again.
      renotify: true,
      requireInteraction: message.isPressing,
      icon: './icon.svg',
      data: { path: message.path },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data.path))
})

/** @param {string} path of the console, below where this worker is */
async function open(path) {
  const url = new URL(`.${path}`, self.registration.scope).href
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (page === undefined) return void (await self.clients.openWindow(url))
  await page.navigate(url).catch(() => self.clients.openWindow(url))
  await page.focus()
}
