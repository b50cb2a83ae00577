package seal

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// sealer is what Keys and DataKey have in common.
type sealer interface {
	Seal(plain []byte, ad AD) ([]byte, error)
	Open(sealed []byte, ad AD) ([]byte, error)
}

func sealers(t testing.TB) map[string]sealer {
	t.Helper()
	keys := generate(t)
	dk, _, err := keys.NewDataKey("c1")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]sealer{"master keys": keys, "data key": dk}
}

var place = AD{Table: "messages", Column: "text", Row: "m1", Owner: "c1"}

func TestWhatIsSealedOpensInItsPlace(t *testing.T) {
	t.Parallel()
	for name, s := range sealers(t) {
		for _, plain := range [][]byte{nil, {}, {0}, []byte("help me"), bytes.Repeat([]byte("å"), 1<<20)} {
			sealed, err := s.Seal(plain, place)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Open(sealed, place)
			if err != nil || got == nil || !bytes.Equal(got, plain) {
				t.Errorf("%s: Open of %d bytes = %d bytes, nil %v, %v", name, len(plain), len(got), got == nil, err)
			}
			if _, ok := s.(*DataKey); ok && len(sealed) != len(plain)+Overhead {
				t.Errorf("%s: sealed %d bytes take %d, want %d more", name, len(plain), len(sealed), Overhead)
			}
		}
	}
}

func TestAMovedValueDoesNotOpen(t *testing.T) {
	t.Parallel()
	for name, s := range sealers(t) {
		sealed, err := s.Seal([]byte("help me"), place)
		if err != nil {
			t.Fatal(err)
		}
		for _, moved := range []AD{
			{"notes", "text", "m1", "c1"},
			{"messages", "media", "m1", "c1"},
			{"messages", "text", "m2", "c1"},
			{"messages", "text", "m1", "c2"},
			{"messages", "text", "m1", ""},
			{"messages", "text", "m1c", "1"},
			{"messagest", "ext", "m1", "c1"},
			{},
		} {
			if _, err := s.Open(sealed, moved); err != ErrOpen {
				t.Errorf("%s: Open in %v = %v, want ErrOpen", name, moved, err)
			}
		}
	}
}

func TestTwoContactsCannotExchangeValues(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	one, _, _ := keys.NewDataKey("c1")
	two, _, _ := keys.NewDataKey("c2")
	sealed, err := one.Seal([]byte("help me"), place)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Open(sealed, place); err != ErrOpen {
		t.Errorf("Open under another contact's key = %v, want ErrOpen", err)
	}
	if _, err := keys.Open(sealed, place); err != ErrOpen {
		t.Errorf("Open under the master keys = %v, want ErrOpen", err)
	}
}

func TestNoFlippedBitOpens(t *testing.T) {
	t.Parallel()
	for name, s := range sealers(t) {
		for _, plain := range []string{"", "help me"} {
			sealed, err := s.Seal([]byte(plain), place)
			if err != nil {
				t.Fatal(err)
			}
			for bit := range 8 * len(sealed) {
				bent := bytes.Clone(sealed)
				bent[bit/8] ^= 1 << (bit % 8)
				if _, err := s.Open(bent, place); err != ErrOpen {
					t.Errorf("%s: Open of %q with bit %d flipped = %v, want ErrOpen", name, plain, bit, err)
				}
			}
			for cut := range sealed {
				if _, err := s.Open(sealed[:cut], place); err != ErrOpen {
					t.Errorf("%s: Open of the first %d bytes = %v, want ErrOpen", name, cut, err)
				}
			}
		}
	}
}

func TestAValueWithoutAPlaceIsNotSealed(t *testing.T) {
	t.Parallel()
	for name, s := range sealers(t) {
		for _, ad := range []AD{
			{Column: "text", Row: "m1", Owner: "c1"},
			{Table: "messages", Row: "m1", Owner: "c1"},
			{Table: "messages", Column: "text", Owner: "c1"},
		} {
			if _, err := s.Seal([]byte("x"), ad); err == nil {
				t.Errorf("%s: Seal in %v = nil, want an error", name, ad)
			}
		}
	}
}

func TestAnyTextInAnyPlaceRoundTripsAndDoesNotShow(t *testing.T) {
	t.Parallel()
	all := sealers(t)
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringN(1, 20, 40)
		ad := AD{word.Draw(t, "table"), word.Draw(t, "column"), word.Draw(t, "row"), rapid.String().Draw(t, "owner")}
		plain := rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(t, "plain")
		for name, s := range all {
			sealed, err := s.Seal(plain, ad)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := s.Open(sealed, ad); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("%s: Open = %d bytes, %v, want %d bytes", name, len(got), err, len(plain))
			}
			if len(plain) >= 8 && bytes.Contains(sealed, plain[:8]) {
				t.Fatalf("%s: the text shows in what was sealed", name)
			}
			if again, _ := s.Seal(plain, ad); bytes.Equal(again, sealed) {
				t.Fatalf("%s: sealing twice gives the same bytes", name)
			}
		}
	})
}

func TestNoTwoListsOfPartsEncodeAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a\x00-\x03]{0,3}`), 0, 4)
		one, two := parts.Draw(t, "one"), parts.Draw(t, "two")
		same := len(one) == len(two)
		for i := 0; same && i < len(one); i++ {
			same = one[i] == two[i]
		}
		if got := bytes.Equal(encode(one...), encode(two...)); got != same {
			t.Fatalf("encode(%q) = encode(%q) is %v, want %v", one, two, got, same)
		}
	})
}

func FuzzOpen(f *testing.F) {
	keys := generate(f)
	dk, wrapped, err := keys.NewDataKey("c1")
	if err != nil {
		f.Fatal(err)
	}
	byMaster, _ := keys.Seal([]byte("help me"), place)
	byData, _ := dk.Seal([]byte("help me"), place)
	known := [][]byte{byMaster, byData, wrapped}
	for _, seed := range append(known, nil, []byte{1}, byData[:Overhead-1]) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		_, master := keys.Open(sealed, place)
		_, data := dk.Open(sealed, place)
		_, key := keys.OpenDataKey("c1", sealed)
		for i, err := range []error{master, data, key} {
			if genuine := bytes.Equal(sealed, known[i]); (err == nil) != genuine || (err != nil && err != ErrOpen) {
				t.Errorf("open %d = %v, genuine %v", i, err, genuine)
			}
		}
	})
}

func BenchmarkSealOpen(b *testing.B) {
	plain := bytes.Repeat([]byte("x"), 200)
	for name, s := range sealers(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sealed, err := s.Seal(plain, place)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := s.Open(sealed, place); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
