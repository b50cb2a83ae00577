package routing

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
)

func TestEmbeddedWantsItsPassword(t *testing.T) {
	t.Parallel()
	e, err := Embed()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	if !strings.HasPrefix(e.URL(), "redis://:") || !strings.Contains(e.URL(), "@127.0.0.1:") {
		t.Fatalf("URL() = an address of another shape, want redis://:password@127.0.0.1:port/0")
	}
	if err := dial(t, e.URL()).Ping(t.Context()).Err(); err != nil {
		t.Errorf("Ping with the password: %v", err)
	}
	without := "redis://" + e.URL()[strings.Index(e.URL(), "@")+1:]
	if err := dial(t, without).Ping(t.Context()).Err(); err == nil {
		t.Error("Ping without the password was answered")
	}
}

// Time passes in it: what expires is gone about when it should be, never a tenth of a second early or more.
func TestEmbeddedTimePasses(t *testing.T) {
	t.Parallel()
	e, err := Embed()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	rdb := dial(t, e.URL())
	begin := time.Now()
	if err := rdb.Set(t.Context(), "a", "1", 500*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	for rdb.Exists(t.Context(), "a").Val() == 1 {
		if time.Since(begin) > patience {
			t.Fatal("what should expire in half a second is still there")
		}
	}
	if lived := time.Since(begin); lived < 350*time.Millisecond {
		t.Errorf("what should expire in 500 ms was gone after %v", lived)
	}
}

func TestEverythingEnds(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("a house", func(t *testing.T) {
		e, err := Embed()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Close)
		h := open(t, e.URL(), quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
	})
}

func TestClient(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address, kind string
	}{
		{"redis://127.0.0.1:6379/0", "*redis.Client"},
		{"rediss://user:secret@example.org:6380/1", "*redis.Client"},
		{"unix:///run/redis/redis.sock?db=1", "*redis.Client"},
		{"redis://a:7000?addr=b:7000&addr=c:7000", "*redis.ClusterClient"},
		{"redis://a:26379?addr=b:26379&master_name=mymaster", "*redis.Client"},
		{"http://a", ""}, {"redis://a?secret=secret", ""}, {"redis://a:b:c%zzsecret", ""}, {"", ""},
	} {
		rdb, err := Client(test.address, zap.NewNop())
		if err != nil {
			if test.kind != "" || strings.Contains(err.Error(), "secret") {
				t.Errorf("Client(%q) = %v, want a %s", test.address, err, test.kind)
			}
			continue
		}
		if got := typeName(rdb); got != test.kind {
			t.Errorf("Client(%q) = a %s, want a %q", test.address, got, test.kind)
		}
		rdb.Close()
	}
}
