package storage

import (
	"testing"
	"time"

	"hopeline/hotline"
)

// shut is a slot in which nobody has to be there, on the Sunday on which the tests begin.
const shut = `{"day":7,"start":"00:00","end":"24:00","tier":1,"kind":"closed"}`

// comes calls a line, and gives whether it is told that the line is closed.
func (h *house) comes(sid, line string) hotline.CallerPlace {
	h.t.Helper()
	p, err := h.Called(h.t.Context(), hotline.IncomingCall{SID: sid, From: hotline.AddressOf("+4520111111"), To: hotline.AddressOf(line), At: h.clock()})
	if err != nil || p.Where != hotline.InLine || p.Late != p.Closed {
		h.t.Errorf("Called(%s) = %+v, %v", sid, p, err)
	}
	return p
}

func TestACallKnowsThatTheLineWasClosed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx, line, other := t.Context(), ourLine, "+4580000000"
		want := func(what, sid, line string, closed bool) hotline.ContactID {
			t.Helper()
			p := h.comes(sid, line)
			if p.Closed != closed || h.ClosedNow(ctx)(hotline.LineID(line)) != closed {
				t.Errorf("%s: the line is closed for %s: %t, want %t", what, sid, p.Closed, closed)
			}
			return p.Contact
		}
		want("no rota", "CA1", line, false)
		h.saved(line, shut)
		first := want("its own rota", "CA2", line, true)
		want("no rota is for the other line", "CA3", other, false)
		inLine := func(what string, closed bool) {
			t.Helper()
			p, err := h.Caller(ctx, first, true)
			key, keyErr := h.Pressed(ctx, hotline.Pressed{Contact: first, Key: hotline.KeySilent, Step: what})
			if err != nil || keyErr != nil || p.Closed != closed || key.Closed != closed || !p.Late || !key.Late {
				t.Errorf("%s: in line she is told %+v, and after a key %+v; %v, %v", what, p, key, err, keyErr)
			}
		}
		inLine("while it is closed", true)
		h.saved("*", shut)
		want("the rota of every line", "CA4", other, true)
		h.saved(other, sunday("00:00", "24:00", "1", "ann"))
		want("its own goes before that", "CA5", other, false)

		h.saved(line, sunday("00:00", "24:00", "1", "ann"))
		want("it is open now", "CA6", line, false)
		inLine("once it is open", false)
		if p := h.comes("CA2", line); !p.Closed || p.Contact != first {
			t.Errorf("her call again after it opened: %+v, want the same answer as before", p)
		}
		found := hotline.IncomingCall{SID: "CA7", From: hotline.AddressOf("+4520111112"), To: hotline.AddressOf(line), At: h.clock().Add(-time.Minute)}
		h.saved(line, shut)
		if err := h.FoundCall(ctx, found); err != nil || !h.comes("CA7", line).Closed {
			t.Errorf("FoundCall = %v, and she is not told that the line is closed", err)
		}
	})
}

// Nobody hears that nobody is there because something could not be read.
func TestWhatCannotBeReadIsNotClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "sqlite")
	h.saved(ourLine, shut)
	h.saved("*", shut)
	want := func(what string, closed bool) {
		t.Helper()
		if got := h.ClosedNow(t.Context())(ourLine); got != closed {
			t.Errorf("%s: closed %t, want %t", what, got, closed)
		}
	}
	runs := func(query string) {
		t.Helper()
		if _, err := h.db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	want("as planned", true)
	runs(`INSERT INTO rotas SELECT line, 2, replace(body, 'Copenhagen', 'Atlantis'), 0, '', reason FROM rotas WHERE line <> '*'`)
	runs(`UPDATE plans SET version = version + 1`)
	want("a rota in a zone that is gone, beside that of every line", false)
	runs(`DELETE FROM rotas WHERE version = 2`)
	runs(`UPDATE plans SET version = version + 1`)
	want("without it", true)
	runs(`ALTER TABLE plans RENAME TO gone`)
	want("a table that is gone", false)
}
