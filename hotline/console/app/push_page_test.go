package app

import "testing"

// Headless browsers have no push service of their maker's: what the browser would give stands in for it. The worker is
// the real one, and registers under the page's policy.
const pushStub = `(() => {
	Notification.requestPermission = async () => window.allowed;
	Object.defineProperty(Notification, 'permission', { get: () => window.allowed });
	let sub = null;
	const browser = {
		endpoint: 'https://push.example/1', toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'her key', auth: 'her secret' } }),
		unsubscribe: async () => { sub = null; return true; },
	};
	PushManager.prototype.getSubscription = async () => sub;
	PushManager.prototype.subscribe = async (o) => { window.asked = o; return sub = browser; };
	window.allowed = 'denied';
	return true;
})()`

func TestTheSwitchForPushes(t *testing.T) {
	h, s := onShift(t)
	eval[bool](s, pushStub)
	toggle := func() {
		eval[bool](s, `(document.querySelector('.me label.check input').click(), true)`)
	}
	s.press("Anna")
	s.sees("Call me while this page is closed")
	s.sees("This page may not show notices")
	toggle()
	s.sees("This page may not show notices")
	if len(h.heard("push.subscribe")) > 0 {
		t.Fatal("without her permission the browser was handed over")
	}
	eval[bool](s, `(window.allowed = 'granted', true)`)
	toggle()
	if a := h.await(t, "push.subscribe", 1)[0]; a["endpoint"] != "https://push.example/1" || a["p256dh"] != "her key" || a["auth"] != "her secret" {
		t.Errorf("push.subscribe = %v", a)
	}
	if !eval[bool](s, `window.asked.userVisibleOnly && window.asked.applicationServerKey.length > 80`) {
		t.Error("the browser was subscribed without the house's key, or for what nobody sees")
	}
	s.sees("You are needed")
	s.press("Try it")
	s.sees("One device of yours was called.")
	toggle()
	if a := h.await(t, "push.unsubscribe", 1)[0]; a["endpoint"] != "https://push.example/1" {
		t.Errorf("push.unsubscribe = %v", a)
	}
	s.gone("Try it")
	s.until(`(navigator.serviceWorker.getRegistration('/').then((r) => { window.worker = r?.active?.scriptURL ?? ''; }), (window.worker ?? '').endsWith('/sw.js?l=en'))`)
}
