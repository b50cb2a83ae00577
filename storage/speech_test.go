package storage

import (
	"context"
	"testing"
	"time"

	"hopeline/hotline"
)

// The carrier tells of every sentence of every talk. While the database writes, none that says nothing new waits for it.
func TestSpeechThatSaysNothingNewWaitsForNoWriter(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		id, _ := h.inTalk("CA1", h.onPhone("ann", "+4530000001"))
		speaks := func(ctx context.Context, leg string, room int64) error {
			return h.RoomReport(ctx, hotline.RoomReport{Room: hotline.RoomName(id, room), SID: "CF1", Leg: leg, Kind: hotline.RoomSpeaks})
		}
		if err := speaks(t.Context(), "CA1ann", 1); err != nil {
			t.Fatal(err)
		}
		if c := h.state(id); c.Call.Silence.IsZero() {
			t.Fatal("her counsellor spoke, and nobody waits for her first word")
		}
		if err := speaks(t.Context(), "CA1", 1); err != nil {
			t.Fatal(err)
		}
		if c := h.state(id); !c.Call.Spoke || !c.Call.Silence.IsZero() {
			t.Fatalf("she spoke, and the contact says spoke %t, silent until %v", c.Call.Spoke, c.Call.Silence)
		}

		inside, done := make(chan bool), make(chan bool)
		end := make(chan error, 1)
		go func() {
			end <- h.write(t.Context(), func(*tx) error { close(inside); <-done; return nil })
		}()
		<-inside
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // who waits for the writer waits for ever
		defer cancel()
		for _, leg := range []string{"CA1", "CA1ann", "CAnobody"} {
			if err := speaks(ctx, leg, 1); err != nil {
				t.Errorf("%s speaks again while the database writes: %v", leg, err)
			}
		}
		if err := speaks(ctx, "CA1", 7); err != nil {
			t.Errorf("speech of a room that is not the talk's: %v", err)
		}
		close(done)
		if err := <-end; err != nil {
			t.Fatal(err)
		}
	})
}
