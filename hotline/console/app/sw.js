// Runs while the page is closed: says that somebody is needed, and opens the page. What is pushed holds nothing more.
const words = { en: 'You are needed', da: 'Der er brug for dig' };

self.addEventListener('push', (e) => {
  const lang = new URL(self.location.href).searchParams.get('l');
  e.waitUntil(self.registration.showNotification(words[lang] ?? words.en, { tag: 'needed', renotify: true, requireInteraction: true, icon: '/icon.svg' }));
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil(self.clients.matchAll({ type: 'window', includeUncontrolled: true })
    .then((open) => open.length > 0 ? open[0].focus() : self.clients.openWindow('/')));
});
