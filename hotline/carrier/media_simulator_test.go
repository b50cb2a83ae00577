package carrier_test

import (
	"errors"
	"testing"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

func TestWhatCameWithATextIsFetchedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	receipt, err := w.ana.Text(t.Context(), line, "see", simulator.Attach("image/png", []byte("first")), simulator.Attach("audio/amr", []byte("second")))
	if err != nil || !receipt.Answer.OK() {
		t.Fatalf("the webhook was answered %+v, %v", receipt.Answer, err)
	}
	files := w.desk.texts[0].Media
	if len(files) != 2 {
		t.Fatalf("kept %d files, want 2", len(files))
	}
	for n, want := range []struct{ body, kind string }{{"first", "image/png"}, {"second", "audio/amr"}} {
		where := files[n].Where
		body, kind, err := w.client.FetchMedia(t.Context(), where)
		if string(body) != want.body || kind != want.kind || err != nil {
			t.Errorf("FetchMedia %d = %q, %q, %v; want %q, %q", n, body, kind, err, want.body, want.kind)
		}
		for range 2 { // the second time it is gone already
			if err := w.client.DropMedia(t.Context(), where); err != nil {
				t.Errorf("DropMedia %d: %v", n, err)
			}
		}
		if _, _, err := w.client.FetchMedia(t.Context(), where); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("after it was deleted FetchMedia %d = %v, want ErrNotFound", n, err)
		}
	}
}
