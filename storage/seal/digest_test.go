package seal

import (
	"bytes"
	"encoding/hex"
	"sync"
	"testing"
)

func TestIndexIsConstantKeyedAndSeparated(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	ix, wrapped, err := keys.NewIndexKey()
	if err != nil {
		t.Fatal(err)
	}
	same, err := keys.OpenIndex(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := keys.NewIndexKey()
	if err != nil {
		t.Fatal(err)
	}
	of := ix.Of("address", "+4512345678")
	if len(of) != DigestSize {
		t.Errorf("len(Of) = %d, want %d", len(of), DigestSize)
	}
	if got := same.Of("address", "+4512345678"); !bytes.Equal(got, of) {
		t.Error("Of after unwrapping differs")
	}
	for name, got := range map[string][]byte{
		"another key":     other.Of("address", "+4512345678"),
		"another domain":  ix.Of("phone", "+4512345678"),
		"another text":    ix.Of("address", "+4512345679"),
		"shifted border":  ix.Of("address+", "4512345678"),
		"empty text":      ix.Of("address", ""),
		"another channel": ix.Of("address", "whatsapp:+4512345678"),
	} {
		if bytes.Equal(got, of) {
			t.Errorf("Of with %s is the same", name)
		}
	}
}

// The encoding of the index can't change without losing every address: this
// vector, worked out by HMAC-SHA256 over the length-prefixed parts, pins it.
func TestIndexNeverChanges(t *testing.T) {
	t.Parallel()
	ix, err := newIndex(bytes.Repeat([]byte{7}, keySize))
	if err != nil {
		t.Fatal(err)
	}
	const want = "f271c8495277fe7c3a5d24333a3a88de5a9d59b1e9b027ac84ed86f4b1e9f8e0"
	if got := hex.EncodeToString(ix.Of("address", "+4512345678")); got != want {
		t.Errorf("Of(address, +4512345678) = %s, want %s", got, want)
	}
}

func TestMACSignsItsDataOnly(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	m, wrapped, err := keys.NewMACKey()
	if err != nil {
		t.Fatal(err)
	}
	same, err := keys.OpenMAC(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := keys.NewMACKey()
	if err != nil {
		t.Fatal(err)
	}
	head := []byte("head 41")
	sum := m.Sum(head)
	if len(sum) != DigestSize {
		t.Errorf("len(Sum) = %d, want %d", len(sum), DigestSize)
	}
	bent := bytes.Clone(sum)
	bent[31] ^= 1
	for _, c := range []struct {
		name string
		mac  *MAC
		sum  []byte
		data string
		want bool
	}{
		{"own", m, sum, "head 41", true},
		{"unwrapped again", same, sum, "head 41", true},
		{"other key", other, sum, "head 41", false},
		{"other data", m, sum, "head 42", false},
		{"bent", m, bent, "head 41", false},
		{"cut", m, sum[:16], "head 41", false},
		{"none", m, nil, "head 41", false},
	} {
		if got := c.mac.Verify(c.sum, []byte(c.data)); got != c.want {
			t.Errorf("%s: Verify = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestDigestsFromManyAtOnce(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	ix, _, _ := keys.NewIndexKey()
	m, _, _ := keys.NewMACKey()
	of, sum := ix.Of("address", "x"), m.Sum([]byte("x"))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if !bytes.Equal(ix.Of("address", "x"), of) || !bytes.Equal(m.Sum([]byte("x")), sum) {
					t.Error("a digest depends on who else asks")
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkIndexOf(b *testing.B) {
	ix, _, err := generate(b).NewIndexKey()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		ix.Of("address", "whatsapp:+4512345678")
	}
}
