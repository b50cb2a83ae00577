package console

import (
	"hopeline/hotline"
)

// PushKey is the house's public key for push services.
type PushKey struct {
	Key string `json:"key"`
}

// SubscribeArgs are what a browser gives for itself, so that it is called while the page is closed. A push says nothing
// but that somebody is needed.
type SubscribeArgs struct {
	Endpoint string `json:"endpoint"`
	P256dh   string `json:"p256dh"`
	Auth     string `json:"auth"`
}

// longestEndpoint is how long the address of a browser may be, in bytes.
const longestEndpoint = 1000

func (a SubscribeArgs) check() error {
	return first(checkText("endpoint", a.Endpoint, longestEndpoint, true), checkText("p256dh", a.P256dh, 200, true), checkText("auth", a.Auth, 200, true))
}

// UnsubscribeArgs name a browser that is not to be called any more.
type UnsubscribeArgs struct {
	Endpoint string `json:"endpoint"`
}

func (a UnsubscribeArgs) check() error {
	return checkText("endpoint", a.Endpoint, longestEndpoint, true)
}

// PushTested says how many browsers of hers took a push.
type PushTested struct {
	Sent int `json:"sent"`
}

func (x call) pushKey(Empty) (PushKey, error) {
	key := x.console.parts.Pushes.PushKey(x.v)
	if key == "" {
		return PushKey{}, errAbsent
	}
	return PushKey{key}, nil
}

func (x call) subscribe(a SubscribeArgs) (Empty, error) {
	return Empty{}, x.console.parts.Pushes.Subscribe(x, x.v, hotline.Subscription(a))
}

func (x call) unsubscribe(a UnsubscribeArgs) (Empty, error) {
	return Empty{}, x.console.parts.Pushes.Unsubscribe(x, x.v, a.Endpoint)
}

func (x call) testPush(Empty) (PushTested, error) {
	n, err := x.console.parts.Pushes.TestPush(x, x.v)
	return PushTested{n}, err
}
