package storage

import (
	"bytes"
	"fmt"
	"testing"

	"hopeline/hotline"
)

func subscription(n int) hotline.Subscription {
	return hotline.Subscription{Endpoint: fmt.Sprint("https://push.example/", n), P256dh: "a key", Auth: "a secret"}
}

func TestBrowsersArePushedForTheirUsers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, sue := h.user("ann", hotline.Counsellor), h.user("sue", hotline.Supervisor)
		has := func(u hotline.UserID, want ...hotline.Subscription) {
			t.Helper()
			got, err := h.Pushes(ctx, u)
			if err != nil || len(got) != len(want) {
				t.Fatalf("Pushes(%s) = %+v, %v; want %d", u, got, err, len(want))
			}
			for n := range want {
				if got[n].Subscription != want[n] {
					t.Errorf("Pushes(%s)[%d] = %+v, want %+v", u, n, got[n], want[n])
				}
			}
		}
		does := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		one, two, three := subscription(1), subscription(2), subscription(3)
		does(h.Subscribe(ctx, ann.ID, one))
		does(h.Subscribe(ctx, ann.ID, one))
		does(h.Subscribe(ctx, ann.ID, two))
		does(h.Subscribe(ctx, sue.ID, three))
		has(ann.ID, one, two)
		has("", three)
		does(h.Subscribe(ctx, sue.ID, two)) // the same browser, and sue sits there now
		has(ann.ID, one)
		has(sue.ID, three, two)
		does(h.Unsubscribe(ctx, ann.ID, three.Endpoint)) // not hers
		has(sue.ID, three, two)
		does(h.Unsubscribe(ctx, sue.ID, three.Endpoint))
		has("", two)
		gone, _ := h.Pushes(ctx, sue.ID)
		does(h.ForgetPush(ctx, gone[0].ID))
		has(sue.ID)
		for n := range mostPushes + 3 {
			does(h.Subscribe(ctx, sue.ID, subscription(10+n)))
		}
		if got, err := h.Pushes(ctx, sue.ID); err != nil || len(got) != mostPushes || got[0].Subscription != subscription(13) {
			t.Errorf("Pushes = %d of them, %v; want the newest %d", len(got), err, mostPushes)
		}
		does(h.DisableUser(ctx, "sue@example.org"))
		has("")
		has(sue.ID)
	})
}

func TestPushKeysAreMadeOnceAndSealed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		makes := func(text string) func() ([]byte, error) { return func() ([]byte, error) { return []byte(text), nil } }
		first, err := h.PushKeys(t.Context(), makes("the first keys"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := h.PushKeys(t.Context(), makes("others")); err != nil || !bytes.Equal(first, again) {
			t.Errorf("PushKeys again = %q, %v; want %q", again, err, first)
		}
		var stored []byte
		if err := h.read.QueryRowContext(t.Context(), `SELECT value FROM meta WHERE name = 'push_keys'`).Scan(&stored); err != nil || bytes.Contains(stored, first) {
			t.Errorf("the keys lie in clear: %t, %v", bytes.Contains(stored, first), err)
		}
	})
}
