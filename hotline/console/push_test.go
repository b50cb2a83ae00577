package console

import (
	"context"
	"net/url"
	"testing"

	"hopeline/hotline"
)

// pushes remembers what it was asked.
type pushes struct{ has []hotline.Subscription }

func (*pushes) PushKey(hotline.Viewer) string { return "BKey" }

func (p *pushes) Subscribe(_ context.Context, _ hotline.Viewer, s hotline.Subscription) error {
	p.has = append(p.has, s)
	return nil
}

func (p *pushes) Unsubscribe(context.Context, hotline.Viewer, string) error { p.has = nil; return nil }

func (p *pushes) TestPush(context.Context, hotline.Viewer) (int, error) { return len(p.has), nil }

func TestPushes(t *testing.T) {
	t.Parallel()
	h, p := newHouse(), &pushes{}
	k := New(Config{Public: &url.URL{Scheme: "https", Host: "a.example"}, Now: h.clock},
		Parts{Offers: h, Words: h, Rooms: h, Rotas: h, Doors: h, Presence: h, Pushes: p})
	defer k.cancel()
	c := newConnection(k, nil, "", hotline.Viewer{User: hotline.User{ID: "ann", Role: hotline.Counsellor}, Since: start})
	for _, test := range []struct{ do, args, want string }{
		{"push.key", ``, `{"key":"BKey"}`},
		{"push.subscribe", `{"endpoint":"https://push.example/1","p256dh":"k","auth":"a"}`, `{}`},
		{"push.test", `{}`, `{"sent":1}`},
		{"push.subscribe", `{"endpoint":"https://push.example/1","p256dh":"k","auth":" "}`, "invalid"},
		{"push.subscribe", `{"endpoint":"","p256dh":"k","auth":"a"}`, "invalid"},
		{"push.unsubscribe", `{}`, "invalid"},
		{"push.unsubscribe", `{"endpoint":"https://push.example/1"}`, `{}`},
		{"push.test", `{}`, `{"sent":0}`},
	} {
		result, err := c.dispatch(t.Context(), ask{ID: "1", Do: test.do, Args: []byte(test.args)})
		got := string(encode(result))
		if err != nil {
			got, _, _ = answerOf(err)
		}
		if got != test.want {
			t.Errorf("%s %s = %s, want %s", test.do, test.args, got, test.want)
		}
	}
	admin := newConnection(k, nil, "", hotline.Viewer{User: hotline.User{ID: "adam", Role: hotline.Admin}, Since: start})
	if _, err := admin.dispatch(t.Context(), ask{ID: "1", Do: "push.key"}); err == nil {
		t.Error("an admin, who is never offered anything, may be pushed")
	}
}
