package routing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func typeName(v any) string { return fmt.Sprintf("%T", v) }

var allScripts = map[string]string{"contact": contactLua, "user": userLua, "seen": seenLua, "match": matchLua, "due": dueLua, "person": personLua}

// What the scripts may use: what was tried on both Redises.
var allowed = []string{"HGET", "HMGET", "HSET", "HDEL", "SADD", "SREM", "ZADD", "ZREM", "ZCARD", "ZSCORE", "ZRANGE",
	"ZRANGEBYLEX", "ZRANGEBYSCORE"}

func TestScriptsKeepToWhatBothHave(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`(?:redis\.p?call|all)\((.*)`)
	word := regexp.MustCompile(`'([A-Z]+)'`)
	for name, text := range allScripts {
		for _, call := range command.FindAllStringSubmatch(text, -1) {
			found := word.FindStringSubmatch(call[1])
			if found != nil && !slices.Contains(allowed, found[1]) {
				t.Errorf("%s.lua calls %s, which is not in the list that was tried on both", name, found[1])
			}
		}
		for _, banned := range []string{"cjson", "cmsgpack", "struct.", "bit.", "redis.log", "TIME", "math.random", "os."} {
			if strings.Contains(text, banned) {
				t.Errorf("%s.lua uses %s", name, banned)
			}
		}
		for _, head := range []string{"-- KEYS ", "-- ARGV ", "-- result "} {
			if !strings.Contains(text, head) && name != "person" {
				t.Errorf("%s.lua does not say its %s", name, strings.Trim(head, "- "))
			}
		}
	}
}

// What is wrong is refused with a word, and nothing is written.
func TestScriptsRefuseBeforeTheyWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x, ctx := testIndex(t, url), t.Context()
		k := x.keys
		for name, run := range map[string]func() error{
			"contact": func() error {
				return x.run(ctx, x.scripts.contact, []string{k.queue, k.contacts, k.lapping, k.clock},
					"good", 1, "waiting", 5, "w t * 0 - -", 9, "bad", 1, "nowhere", 5, "w t * 0 - -", 9).Err()
			},
			"contact, order": func() error {
				return x.run(ctx, x.scripts.contact, []string{k.queue, k.contacts, k.lapping, k.clock},
					"good", 1, "waiting", 5, "w t * 0 - -", 9, "bad", 1, "waiting", "first", "w t * 0 - -", 9).Err()
			},
			"user": func() error {
				return x.run(ctx, x.scripts.user, []string{k.texts, k.calls, k.users, k.asked, k.seen, k.state, k.claims},
					1, 2, "good", "1 1 0 00000000000001 c cp *.-.0.01 *.da.0.01", 0, "bad", "many", 0).Err()
			},
			"seen": func() error {
				return x.run(ctx, x.scripts.seen, []string{k.texts, k.calls, k.users, k.seen}, 1, 2, "good", 1, "bad", "now").Err()
			},
			"match": func() error {
				return x.run(ctx, x.scripts.match, []string{k.queue, k.contacts, k.texts, k.calls, k.users, k.seen, k.claims, k.state},
					"now", 1, "g", 1, "-inf", 0, 9).Err()
			},
			"due": func() error {
				return x.run(ctx, x.scripts.due, []string{k.clock, k.claims, k.queue, k.state}, "now", "g", 1, 1).Err()
			},
		} {
			if err := run(); err == nil || !strings.HasPrefix(err.Error(), "INVALID") {
				t.Errorf("%s: %v, want INVALID", name, err)
			}
		}
		if n, err := x.rdb.Exists(ctx, append(k.rebuilt(), k.seen, k.state)...).Result(); err != nil || n != 0 {
			t.Errorf("%d keys were written (%v), want none", n, err)
		}
	})
}

// A stale index is neither matched nor ticked.
func TestAStaleIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x, ctx := testIndex(t, url), t.Context()
		if _, _, _, _, err := x.match(ctx, at(0), "g", front); err != errStale {
			t.Errorf("match() = %v, want errStale", err)
		}
		if _, err := x.due(ctx, at(0), "g"); err != errStale {
			t.Errorf("due() = %v, want errStale", err)
		}
	})
}

// Redis knows no word that a person wrote.
func TestRedisKnowsNoWords(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"da": "da", "pcm": "pcm", "zh-Hant": "zh-Hant", "": "", "-": "",
		"Edo, she says": "", "averyverylongword": "", "ру": "", "da\n": ""} {
		if got := code(language); got != want {
			t.Errorf("code(%q) = %q, want %q", language, got, want)
		}
	}
}
