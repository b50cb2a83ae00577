package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed is who may import whom: arrows point down. The program's own package sees everything; tests may also use
// deploy/testenv and whatever is below.
var allowed = map[string][]string{
	"hotline":                   {},
	"hotline/safety":            {"hotline"},
	"hotline/text":              {},
	"hotline/auth":              {},
	"hotline/intake":            {"deploy/fallback", "hotline", "hotline/auth", "hotline/text", "routing/rota", "storage"},
	"hotline/carrier":           {"hotline", "hotline/outside"},
	"hotline/carrier/simulator": {},
	"hotline/outside":           {},
	"hotline/absence":           {"hotline", "hotline/outside", "routing/rota"},
	"hotline/push":              {"hotline", "hotline/outside"},
	"hotline/console":           {"hotline", "hotline/auth"},
	"hotline/console/app":       {},
	"routing":                   {"hotline"},
	"routing/rota":              {},
	"storage":                   {"hotline", "hotline/safety", "routing/rota", "storage/seal"},
	"storage/seal":              {},
	"deploy/fallback":           {},
	"deploy/testenv":            {},
}

// reserved are packages that one folder alone may import.
var reserved = map[string]string{
	"github.com/twilio/":              "hotline/carrier",
	"github.com/redis/go-redis":       "routing",
	"github.com/alicebob/miniredis":   "routing",
	"github.com/jackc/pgx":            "storage",
	"modernc.org/sqlite":              "storage",
	"github.com/tink-crypto/":         "storage/seal",
	"github.com/gorilla/websocket":    "hotline/console",
	"github.com/evanw/esbuild":        "hotline/console/app",
	"github.com/pquerna/otp":          "hotline/auth",
	"golang.org/x/crypto/argon2":      "hotline/auth",
	"github.com/spf13/cobra":          "cmd/hopeline",
	"github.com/nyaruka/phonenumbers": "hotline",
	"github.com/SherClockHolmes/":     "hotline/push",
	"github.com/arran4/golang-ical":   "hotline/absence",
	"github.com/teambition/rrule-go":  "hotline/absence",
}

// eachFile goes through the Go files of the project that are no tests, by their names in it.
func eachFile(t *testing.T, look func(file, name string)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			look(file, strings.TrimPrefix(filepath.ToSlash(file), "../../"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOneWayFromTheWallClock: time.Date answers as it likes where a reading comes twice or is left out, so that two
// shifts that meet on the grid need not meet in time. Only package rota's instant makes an instant of a reading. Nor does
// time.LoadLocation know the zones that travel with the program.
func TestOneWayFromTheWallClock(t *testing.T) {
	seen := 0
	eachFile(t, func(file, name string) {
		seen++
		if name == "routing/rota/clock.go" {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			called, ok := n.(*ast.SelectorExpr)
			if !ok || called.Sel.Name != "Date" && called.Sel.Name != "LoadLocation" {
				return true
			}
			if of, ok := called.X.(*ast.Ident); ok && of.Name == "time" {
				t.Errorf("%s:%d uses time.%s: ask package rota", name, set.Position(n.Pos()).Line, called.Sel.Name)
			}
			return true
		})
	})
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}

func TestImportsPointDown(t *testing.T) {
	seen := map[string]bool{}
	eachFile(t, func(file, name string) {
		folder := path.Dir(name)
		seen[folder] = true
		checkImports(t, file, folder)
	})
	for folder := range allowed {
		if !seen[folder] {
			t.Errorf("the table names %s, which is not there", folder)
		}
	}
}

func checkImports(t *testing.T, file, folder string) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		if ours, ok := strings.CutPrefix(name, "hopeline/"); ok && folder != "cmd/hopeline" {
			table, known := allowed[folder]
			if !known {
				t.Errorf("%s is not in the table of imports", folder)
			}
			if !slices.Contains(table, ours) {
				t.Errorf("%s may not import %s", folder, ours)
			}
		}
		for prefix, home := range reserved {
			free := folder == "cmd/hopeline" || strings.HasPrefix(folder, "deploy/testenv")
			if strings.HasPrefix(name, prefix) && folder != home && !free {
				t.Errorf("%s imports %s, which belongs to %s alone", folder, name, home)
			}
		}
	}
}
