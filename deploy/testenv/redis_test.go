package testenv

import (
	"testing"

	"github.com/redis/go-redis/v9"
)

func dialRedis(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	options.Protocol, options.MaxRetries = 2, -1
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestRedisIsShared(t *testing.T) {
	t.Parallel()
	url := Redis(t)
	if again := Redis(t); again != url {
		t.Errorf("a second Redis = %s, want %s", again, url)
	}
	if err := dialRedis(t, url).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	if own := NewRedis(t).URL(); own == url {
		t.Errorf("NewRedis = %s, the shared one's address", own)
	}
}

func TestRedisStopAndStart(t *testing.T) {
	t.Parallel()
	srv := NewRedis(t)
	url := srv.URL()
	c := dialRedis(t, url)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	srv.Stop()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("a stopped Redis answered")
	}
	srv.Start()
	if got := srv.URL(); got != url {
		t.Errorf("URL after a start = %s, want %s", got, url)
	}
	if n, err := dialRedis(t, url).DBSize(t.Context()).Result(); n != 0 || err != nil {
		t.Errorf("after a start DBSIZE = %d, %v, want 0", n, err)
	}
}

func TestRedisFlush(t *testing.T) {
	t.Parallel()
	srv := NewRedis(t)
	c := dialRedis(t, srv.URL())
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	srv.Flush()
	if err := c.Get(t.Context(), "k").Err(); err != redis.Nil {
		t.Errorf("GET after a flush: %v, want %v", err, redis.Nil)
	}
}
