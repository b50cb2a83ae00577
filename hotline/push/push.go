package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"hopeline/hotline"
	"hopeline/hotline/outside"
)

// keys are the house's own, by which push services know it. Lost ones end all subscriptions.
type keys struct {
	Public  string `json:"public"`
	Private string `json:"private"`
}

// NewKeys makes keys, to be sealed.
func NewKeys() ([]byte, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return nil, fmt.Errorf("make the keys for push: %w", err)
	}
	return json.Marshal(keys{public, private})
}

// Service sends pushes.
type Service struct {
	keys    keys
	subject string // who answers for the pushes: the house's public address
	local   bool
}

// New makes a service. Public is the house's address; where that is on loopback, push services on loopback are asked as
// well.
func New(secret []byte, public *url.URL) (*Service, error) {
	s := &Service{subject: "https://" + public.Host, local: outside.Loopback(public.Hostname())}
	if err := json.Unmarshal(secret, &s.keys); err != nil || s.keys.Public == "" || s.keys.Private == "" {
		return nil, errors.New("the keys for push cannot be read")
	}
	return s, nil
}

// Key is what a browser needs to subscribe.
func (s *Service) Key() string { return s.keys.Public }

// longest is how long the address of a subscription may be, in bytes.
const longest = 1000

// Check refuses a subscription that nothing may be sent to, with hotline.ErrInvalid.
func (s *Service) Check(sub hotline.Subscription) error {
	to, err := url.Parse(sub.Endpoint)
	switch {
	case err != nil, len(sub.Endpoint) > longest, to.Host == "", to.User != nil,
		to.Scheme != "https" && !s.isLocal(to),
		len(sub.P256dh) < 80 || len(sub.P256dh) > 100, len(sub.Auth) < 16 || len(sub.Auth) > 40:
		return hotline.Say(hotline.ErrInvalid, "this is no subscription of a browser; nothing was changed")
	}
	return nil
}

func (s *Service) isLocal(to *url.URL) bool { return s.local && outside.Loopback(to.Hostname()) }

// pushTime is how long a push service may take.
const pushTime = 10 * time.Second

// Send pushes one of the words that there are. Life is how long the push service may hold it back for a browser that is off. hotline.ErrNotFound:
// the browser is not subscribed any more.
func (s *Service) Send(ctx context.Context, sub hotline.Subscription, word hotline.PushWord, life time.Duration) error {
	if word != hotline.PushNeeded && word != hotline.PushTest {
		return fmt.Errorf("push: a word that is none: %w", hotline.ErrUnsafe)
	}
	if err := s.Check(sub); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	client, err := s.way(sub.Endpoint)
	if err != nil {
		return withoutAddress(err)
	}
	res, err := webpush.SendNotificationWithContext(ctx, []byte(word), &webpush.Subscription{Endpoint: sub.Endpoint, Keys: webpush.Keys{Auth: sub.Auth, P256dh: sub.P256dh}},
		&webpush.Options{HTTPClient: client, Subscriber: s.subject, VAPIDPublicKey: s.keys.Public, VAPIDPrivateKey: s.keys.Private,
			TTL: max(1, int(life.Seconds())), Urgency: webpush.UrgencyHigh, RecordSize: recordSize})
	if err != nil {
		return withoutAddress(err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return hotline.Say(hotline.ErrNotFound, "the browser is not subscribed any more")
	case res.StatusCode >= 300:
		return fmt.Errorf("push: the service answered %d: %w", res.StatusCode, hotline.ErrUnavailable)
	}
	return nil
}

// recordSize is how long every push is.
const recordSize = 512

func (s *Service) way(endpoint string) (*http.Client, error) {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	to, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	if s.isLocal(to) {
		return &http.Client{CheckRedirect: stay, Transport: &http.Transport{DisableKeepAlives: true}}, nil
	}
	return outside.Client(to, stay)
}

// withoutAddress takes the address off an error of net/http: whoever has it may push.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if text := err.Error(); strings.Contains(text, "://") {
		return fmt.Errorf("push: %w", hotline.ErrUnavailable)
	}
	return fmt.Errorf("push: %w: %w", err, hotline.ErrUnavailable)
}
