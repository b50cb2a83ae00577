package rota

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws fewer plans than rapid does by itself: each is looked at minute by minute, or filled whole. More with
// -rapid.checks=1000.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		flag.Set("rapid.checks", "20")
	}
	os.Exit(m.Run())
}
