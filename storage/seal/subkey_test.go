package seal

import (
	"bytes"
	"testing"
)

func TestADataKeyOpensForItsRecordOnly(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	dk, wrapped, err := keys.NewDataKey("c1")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := dk.Seal([]byte("help me"), place)
	if err != nil {
		t.Fatal(err)
	}
	again, err := rotate(t, keys).OpenDataKey("c1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, place); string(got) != "help me" {
		t.Errorf("Open under the unwrapped key = %q, %v", got, err)
	}
	if _, err := keys.OpenDataKey("c2", wrapped); err != ErrOpen {
		t.Errorf("OpenDataKey(c2) = %v, want ErrOpen", err)
	}
	if _, err := generate(t).OpenDataKey("c1", wrapped); err != ErrOpen {
		t.Errorf("OpenDataKey under another set = %v, want ErrOpen", err)
	}
	if _, _, err := keys.NewDataKey(""); err == nil {
		t.Error("NewDataKey without an id = nil, want an error")
	}
}

func TestAWrappedKeyOpensAsItsKindOnly(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	short, err := keys.aead.Encrypt(make([]byte, keySize-1), encode(wrapLabel, dataKind, "c1"))
	if err != nil {
		t.Fatal(err)
	}
	wrapped := map[string][]byte{"short": short}
	_, wrapped["data"], _ = keys.NewDataKey("c1")
	_, wrapped["index"], _ = keys.NewIndexKey()
	_, wrapped["mac"], _ = keys.NewMACKey()
	open := map[string]func([]byte) error{
		"data":  func(w []byte) error { _, err := keys.OpenDataKey("c1", w); return err },
		"index": func(w []byte) error { _, err := keys.OpenIndex(w); return err },
		"mac":   func(w []byte) error { _, err := keys.OpenMAC(w); return err },
		"value": func(w []byte) error { _, err := keys.Open(w, place); return err },
	}
	for made, w := range wrapped {
		for as, f := range open {
			if err := f(w); (err == nil) != (made == as) {
				t.Errorf("%s key opened as %s = %v", made, as, err)
			}
			for bit := range 8 * len(w) {
				bent := bytes.Clone(w)
				bent[bit/8] ^= 1 << (bit % 8)
				if err := f(bent); err != ErrOpen {
					t.Fatalf("%s key with bit %d flipped as %s = %v, want ErrOpen", made, bit, as, err)
				}
			}
		}
	}
}

func BenchmarkNewDataKey(b *testing.B) {
	keys := generate(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := keys.NewDataKey("c0123456789abcdef"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenDataKey(b *testing.B) {
	keys := generate(b)
	_, wrapped, err := keys.NewDataKey("c0123456789abcdef")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.OpenDataKey("c0123456789abcdef", wrapped); err != nil {
			b.Fatal(err)
		}
	}
}
