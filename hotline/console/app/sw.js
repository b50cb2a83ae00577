// Runs while the page is closed: says that somebody is needed, or that this is a test, and opens the page. What is pushed
// holds nothing more.
const words = { en: 'You are needed', da: 'Der er brug for dig' }, tests = { en: 'Test', da: 'Test' };

self.addEventListener('push', (e) => {
  const lang = new URL(self.location.href).searchParams.get('l'), test = e.data?.text() === 'test', all = test ? tests : words;
  e.waitUntil(self.registration.showNotification(all[lang] ?? all.en, { tag: test ? 'test' : 'needed', renotify: true, requireInteraction: !test, icon: '/icon.svg' }));
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil(self.clients.matchAll({ type: 'window', includeUncontrolled: true })
    .then((open) => open.length > 0 ? open[0].focus() : self.clients.openWindow('/')));
});
