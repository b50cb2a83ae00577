package routing

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

// The scripts, each headed by its KEYS, ARGV and result, and what several of them begin with.
var (
	//go:embed lua/person.lua
	personLua string
	//go:embed lua/contact.lua
	contactLua string
	//go:embed lua/user.lua
	userLua string
	//go:embed lua/seen.lua
	seenLua string
	//go:embed lua/match.lua
	matchLua string
	//go:embed lua/due.lua
	dueLua string
)

// scripts run by their hash, and by their text when Redis does not know the hash: then nothing has run yet, so that
// nothing runs twice.
type scripts struct {
	contact, user, seen, match, due *redis.Script
}

func newScripts() scripts {
	return scripts{
		contact: redis.NewScript(contactLua), user: redis.NewScript(personLua + userLua),
		seen: redis.NewScript(personLua + seenLua), match: redis.NewScript(personLua + matchLua), due: redis.NewScript(dueLua),
	}
}
