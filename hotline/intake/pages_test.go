package intake

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
	"hopeline/storage/seal"
)

func TestTooManyPagesAreTold(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	keys, err := seal.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(ctx, storage.Config{Folder: t.TempDir(), Keys: keys, Rules: hotline.DefaultRules, Room: hotline.DefaultRoom, Now: now, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ann, err := store.AddUser(ctx, storage.NewUser{User: hotline.User{Email: "ann@example.org", Phone: "+4530000001", Role: hotline.Counsellor}})
	if err != nil {
		t.Fatal(err)
	}
	call, err := store.Called(ctx, hotline.IncomingCall{SID: "CA1", From: hotline.AddressOf("+4520000001"), To: hotline.AddressOf("+4570201550"), At: at})
	if err != nil {
		t.Fatal(err)
	}
	var told []hotline.Alarmed
	reg := prometheus.NewRegistry()
	pages := NewPages(store, func(n hotline.Notice) { told = append(told, n.(hotline.Alarmed)) }, 2, now, zap.NewNop(), reg)
	page := func() {
		t.Helper()
		for _, e := range []hotline.Event{hotline.OfferedTo{At: hotline.At(at), User: ann.ID, Phone: true}, hotline.DeclinedBy{At: hotline.At(at), User: ann.ID},
			hotline.LapOver{At: hotline.At(at)}, hotline.SomebodyCame{At: hotline.At(at)}} {
			if _, err := store.Apply(ctx, storage.System, call.Contact, e, nil); err != nil {
				t.Fatal(err)
			}
		}
		pages.Rung(ctx, storage.PageCall)
	}
	for n, want := range []int{0, 0, 1, 1} {
		if page(); len(told) != want {
			t.Errorf("after %d pages supervisors were told %d times, want %d", n+1, len(told), want)
		}
	}
	if len(told) > 0 && (told[0].Kind != hotline.AlarmPages || told[0].Contact.ID != "" || told[0].User != "") {
		t.Errorf("supervisors were told %+v, want of the house", told[0])
	}
	at = at.Add(time.Hour + time.Minute)
	if page(); len(told) != 1 {
		t.Errorf("an hour later one page is an alarm")
	}
	page()
	if page(); len(told) != 2 {
		t.Errorf("supervisors were told %d times, want once more after an hour", len(told))
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "hopeline_pages_total" && f.GetMetric()[0].GetCounter().GetValue() != 7 {
			t.Errorf("%s = %v, want 7 calls", f.GetName(), f)
		}
	}
}
