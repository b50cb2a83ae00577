package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"hopeline/hotline"
)

// parts are the house, in all its parts.
func (h *house) parts(page http.Handler) Parts {
	b := newBoard(h)
	return Parts{Offers: h, Words: h, Rooms: h, Rotas: h, Doors: h, Presence: h, Calls: h, Alarms: h, Bars: h, Phones: h, Files: h, Duty: b, Tests: b, Asks: newAsker(), Page: page}
}

// calls is somebody who calls the hotline. What makes a call wait or talk is the reducer's, and not told here.
func (h *house) calls(from string) hotline.ContactID {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := hotline.Open(hotline.ContactID(h.id("contact")), hotline.AddressOf(from), hotline.AddressOf("+4570201550"), h.now)
	c.Channel, c.State, c.Work, c.Since, c.Version, c.Call.Alive = hotline.Voice, hotline.Waits, hotline.WorkContact, h.now, 1, true
	h.contacts = append(h.contacts, &c)
	h.tell(hotline.ContactChanged{Contact: c})
	return c.ID
}

// alter changes a contact as it is said. It needs the lock.
func (h *house) alter(id hotline.ContactID, how func(*hotline.Contact)) error {
	c, err := h.find(id)
	if err != nil {
		return err
	}
	how(c)
	c.Version++
	h.tell(hotline.ContactChanged{Contact: *c})
	return nil
}

// talks lets a user and a caller meet.
func (h *house) talks(id hotline.ContactID, with hotline.UserID) {
	h.set(func() {
		err := h.alter(id, func(c *hotline.Contact) {
			c.State, c.Owner, c.Call.Talks = hotline.Active, with, h.now
			c.Legs = []hotline.LegShown{{User: with, Part: hotline.Answerer, State: hotline.LegUp}}
		})
		if err != nil {
			panic(err)
		}
	})
}

// steer changes a call for who has it, or is a supervisor.
func (h *house) steer(v hotline.Viewer, id hotline.ContactID, how func(*hotline.Contact)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c, err := h.read(v, id); err != nil {
		return err
	} else if c.Channel != hotline.Voice {
		return hotline.Say(hotline.ErrInvalid, "This is no call; nothing was changed.")
	}
	return h.alter(id, how)
}

func (h *house) Steer(_ context.Context, v hotline.Viewer, id hotline.ContactID, hold, mute *bool) error {
	return h.steer(v, id, func(c *hotline.Contact) {
		if hold != nil {
			c.Call.Held = *hold
		}
		if mute != nil {
			c.Call.Muted = *mute
		}
	})
}

func (h *house) HangUp(_ context.Context, v hotline.Viewer, id hotline.ContactID) error {
	return h.steer(v, id, func(c *hotline.Contact) {
		c.Call.Alive, c.Call.Wrap, c.Legs = false, h.now.Add(15*time.Minute), nil
	})
}

func (h *house) Keys(_ context.Context, v hotline.Viewer, id hotline.ContactID, on bool, question string) error {
	if question == "where do you live" {
		return hotline.ErrUnsafe
	}
	return h.steer(v, id, func(c *hotline.Contact) { c.Call.Keys = on })
}

func (h *house) Bring(_ context.Context, v hotline.Viewer, id hotline.ContactID, part hotline.Part, user hotline.UserID) error {
	return h.steer(v, id, func(c *hotline.Contact) {
		if part == "" {
			c.Legs = slices.DeleteFunc(c.Legs, func(l hotline.LegShown) bool { return l.User == user && l.Part != hotline.Answerer })
			return
		}
		c.Legs = append(c.Legs, hotline.LegShown{User: user, Part: part, State: hotline.LegNew})
	})
}

func (h *house) Interpret(_ context.Context, v hotline.Viewer, id hotline.ContactID, language string) error {
	if language == "ti" {
		return hotline.Say(hotline.ErrNotFound, "nobody is on duty now who interprets that language; nobody was rung")
	}
	return h.steer(v, id, func(c *hotline.Contact) {
		c.Call.Interpreting = &hotline.Interpreting{Language: language, State: hotline.InterpreterRings, Rung: []hotline.UserID{"malee"}}
		c.Legs = append(c.Legs, hotline.LegShown{User: "malee", Part: hotline.Guest, State: hotline.LegNew, Phone: true})
	})
}

func (h *house) Release(_ context.Context, v hotline.Viewer, id hotline.ContactID, user hotline.UserID) error {
	return h.steer(v, id, func(c *hotline.Contact) {
		c.Call.Interpreting = nil
		c.Legs = slices.DeleteFunc(c.Legs, func(l hotline.LegShown) bool {
			return l.Part == hotline.Guest && (l.User == user || user == "" && l.User == "malee")
		})
	})
}

func (h *house) CallBack(_ context.Context, v hotline.Viewer, id hotline.ContactID) error {
	c, err := h.find(id)
	if err == nil && c.Work != hotline.WorkCallback {
		return hotline.Say(hotline.ErrUnsafe, "Nobody asked to be called back; nothing was done.")
	}
	return h.steer(v, id, func(c *hotline.Contact) { c.Call.Alive = true })
}

func (h *house) Danger(_ context.Context, v hotline.Viewer, id hotline.ContactID, d hotline.Danger) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.read(v, id)
	if err != nil {
		return err
	}
	if d.On {
		h.tell(hotline.Alarmed{Contact: *c, Kind: hotline.AlarmDanger, At: h.now})
	}
	return h.alter(id, func(c *hotline.Contact) {
		c.Danger = time.Time{}
		if d.On {
			c.Danger = h.now
		}
	})
}

func (h *house) Voice(_ context.Context, v hotline.Viewer) (driver, token, identity string, expires time.Time, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return "simulated", "ticket", string(v.ID), h.now.Add(10 * time.Minute), h.broken
}

func (h *house) Media(_ context.Context, v hotline.Viewer, id hotline.MediaID) ([]byte, string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f, ok := h.files[id]; ok && v.ID == "ann" {
		return []byte(f), string(id), nil // a file is called by its type
	}
	return nil, "", hotline.ErrNotFound
}
