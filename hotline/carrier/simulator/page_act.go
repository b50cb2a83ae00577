package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// action is what the page asks for.
type action struct {
	Do    string `json:"do"`
	Phone string `json:"phone"`
	To    string `json:"to"`
	Body  string `json:"body"`
	With  string `json:"with"`  // picture, voice, place, button, or nothing
	Times int    `json:"times"` // copies at the same instant
	SID   string `json:"sid"`
	Value string `json:"value"`
	On    bool   `json:"on"`
}

// mostTimes bounds a burst from the page.
const mostTimes = 50

var errAction = errors.New("act: no such action, or not with these values")

// act does what the page asks and answers at once; what comes of it is in the event stream.
func (c *Carrier) act(w http.ResponseWriter, r *http.Request) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
	d.DisallowUnknownFields()
	var a action
	if err := d.Decode(&a); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "a JSON action is wanted", http.StatusBadRequest)
		return
	}
	if err := c.perform(a); err != nil {
		http.Error(w, "no such action, or not with these values", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *Carrier) perform(a action) error {
	switch a.Do {
	case "text":
		return c.texts(a)
	case "again":
		c.spawn(func(ctx context.Context) { c.Redeliver(ctx, a.SID, min(max(a.Times, 1), mostTimes)) })
	case "phone":
		if len(a.Phone) > 140 || len(a.Value) > 60 {
			return errAction
		}
		c.Phone(strings.TrimSpace(a.Phone)).Named(strings.TrimSpace(a.Value))
	case "fate":
		return c.Phone(a.Phone).meets(a.Value)
	case "optout":
		c.Phone(a.Phone).setOptOut(a.On, []string{a.To})
	case "doubles":
		c.Chaos(func(ch *Chaos) { ch.Duplicate = yes(a.On) })
	case "shuffles":
		c.Chaos(func(ch *Chaos) { ch.Reorder = time.Duration(yes(a.On) * float64(4*c.cfg.Step)) })
	case "next":
		return c.nextNamed(a.Value)
	case "forget":
		c.ForgetFaults()
	default:
		return c.performCall(a)
	}
	return nil
}

func yes(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// texts sends what the page wrote, once or several times.
func (c *Carrier) texts(a action) error {
	if _, err := c.number(a.To); err != nil || a.Times > mostTimes {
		return errAction
	}
	opts, ok := extra(a.With)
	if !ok {
		return errAction
	}
	p := c.Phone(a.Phone)
	send := p.Text
	if isWhatsApp(a.To) {
		send = p.WhatsApp
		opts = append([]Option{Profile(p.profile())}, opts...)
	}
	for range max(a.Times, 1) {
		c.spawn(func(ctx context.Context) { send(ctx, a.To, a.Body, opts...) })
	}
	return nil
}

func (p *Phone) profile() string {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	return p.name
}

// meets sets the fate that the page chose by name.
func (p *Phone) meets(name string) error {
	for kind, known := range fateNames {
		if known != name || kind == fails {
			continue
		}
		f := fate{kind: kind}
		if kind == undelivered {
			f.code = 30005
		}
		p.become(f)
		return nil
	}
	return errAction
}

// nextNamed sets what the next send meets; the empty name lets it go well.
func (c *Carrier) nextNamed(name string) error {
	var next []Mishap
	for m, known := range mishapNames {
		if known == name {
			next = append(next, m)
		}
	}
	if len(next) == 0 && name != "" {
		return errAction
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mishaps = next
	c.wake()
	return nil
}

// extra is what the page can add to a text.
func extra(with string) ([]Option, bool) {
	switch with {
	case "":
		return nil, true
	case "picture":
		return []Option{Attach("image/png", samplePicture())}, true
	case "voice":
		return []Option{Attach("audio/ogg", sampleVoice())}, true
	case "place":
		return []Option{Location("55.6761", "12.5683", "", "Copenhagen")}, true
	case "button":
		return []Option{Button("Yes", "yes")}, true
	}
	return nil, false
}

// Cast gives the carrier phones to begin with, of every kind that reaches a hotline: ordinary ones, a withheld
// sender, one with a name for a number, a short code, a WhatsApp user without a number.
func (c *Carrier) Cast() {
	for _, p := range [][2]string{
		{"+4520000001", "Danish mobile"},
		{"+447700900102", "British mobile"},
		{"+40720000003", "Romanian mobile"},
		{"anonymous", "Withheld number"},
		{"DK.9f1c22e07b", "WhatsApp without a number"},
		{"PARCEL", "Sender with a name"},
		{"12345", "Short code"},
	} {
		c.Phone(p[0]).Named(p[1])
	}
}
