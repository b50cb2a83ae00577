package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// whole is an environment that serve accepts.
func whole(more ...string) []string {
	return append([]string{"HOPELINE_PUBLIC_URL=https://hotline.example.org", "TWILIO_ACCOUNT_SID=AC1", "TWILIO_AUTH_TOKEN=t",
		"HOPELINE_LINES=+4570201550,whatsapp:+4570201550"}, more...)
}

func TestReadConfig(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	os.WriteFile(file, []byte("from a file\n"), 0o600)
	c, err := readConfig(whole("HOPELINE_OPS_ADDR=", "TWILIO_AUTH_TOKEN_NEXT=u"), true)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:8080" || c.OpsAddr != "" || len(c.Tokens) != 2 || c.Tokens[0] != "t" || len(c.Lines) != 2 || !c.SecondFactor ||
		c.MasterKeyFile != "./hopeline.key" || c.CarrierURL != "https://api.twilio.com" {
		t.Errorf("readConfig = %+v", c)
	}
	env := []string{"HOPELINE_PUBLIC_URL=http://127.0.0.1:9999", "TWILIO_ACCOUNT_SID=AC1", "TWILIO_AUTH_TOKEN_FILE=" + file, "HOPELINE_LINES=+4570201550"}
	if c, err = readConfig(env, true); err != nil || c.Tokens[0] != "from a file" {
		t.Errorf("a token in a file = %+v, %v", c, err)
	}
	if _, err := readConfig([]string{"PATH=/bin"}, false); err != nil {
		t.Errorf("a command needs no carrier: %v", err)
	}
}

func TestABadEnvironmentIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		env        []string
	}{
		{"nothing", "HOPELINE_PUBLIC_URL is not set", nil},
		{"a misspelled name", "HOPELINE_ADR is not a setting", whole("HOPELINE_ADR=x")},
		{"http abroad", "use https", whole("HOPELINE_PUBLIC_URL=http://hotline.example.org")},
		{"no host", "not an http or https address", whole("HOPELINE_PUBLIC_URL=hotline")},
		{"a query", "query", whole("HOPELINE_PUBLIC_URL=https://a.example/?x=1")},
		{"an empty token", "TWILIO_AUTH_TOKEN is empty", whole("TWILIO_AUTH_TOKEN=")},
		{"a token twice", "both set", whole("TWILIO_AUTH_TOKEN_FILE=/x")},
		{"a missing file", "cannot be read", whole("REDIS_URL_FILE=/does/not/exist")},
		{"no lines", "HOPELINE_LINES is empty", whole("HOPELINE_LINES=")},
		{"a line that is none", "not an address", whole("HOPELINE_LINES=Hotline")},
		{"a bad address", "HOPELINE_ADDR is not host:port", whole("HOPELINE_ADDR=8080")},
		{"an empty database", "DATABASE_URL is empty", whole("DATABASE_URL=")},
		{"an empty redis", "REDIS_URL is empty", whole("REDIS_URL=")},
		{"an empty key", "HOPELINE_MASTER_KEY is empty", whole("HOPELINE_MASTER_KEY=")},
		{"an empty key file", "is empty", whole("HOPELINE_MASTER_KEY_FILE=")},
		{"two keys", "both set", whole("HOPELINE_MASTER_KEY={}", "HOPELINE_MASTER_KEY_FILE=x")},
		{"a bad choice", "required or optional", whole("HOPELINE_MFA=no")},
	} {
		_, err := readConfig(test.env, true)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: readConfig = %v, want one line with %q", test.name, err, test.want)
		}
	}
}

func TestTheKeyDoesNotLieWithTheData(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	os.Symlink(data, filepath.Join(folder, "link"))
	os.Mkdir(data, 0o700)
	for file, inside := range map[string]bool{
		filepath.Join(data, "k"): true, filepath.Join(data, "deep", "k"): true, filepath.Join(folder, "link", "k"): true,
		filepath.Join(folder, "k"): false, filepath.Join(folder, "data2", "k"): false, filepath.Join(data, "..", "k"): false,
	} {
		if got, err := within(data, file); err != nil || got != inside {
			t.Errorf("within(data, %s) = %v, %v, want %v", file, got, err, inside)
		}
	}
}

func TestTheExampleListsExactlyTheSettings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deploy/env.example")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	var given []string
	for _, m := range regexp.MustCompile(`(?m)^(#?)([A-Z_]+)=(.*)$`).FindAllStringSubmatch(string(text), -1) {
		listed[m[2]] = true
		if m[1] == "" {
			given = append(given, m[2]+"="+m[3])
		}
	}
	known := map[string]bool{masterKeyFile: true}
	for _, s := range settings {
		known[s.name] = true
		if !listed[s.name] {
			t.Errorf("env.example does not list %s", s.name)
		}
	}
	for name := range listed {
		if !known[name] {
			t.Errorf("env.example lists %s, which is not a setting", name)
		}
	}
	if _, err := readConfig(given, true); err != nil {
		t.Errorf("the example is not a configuration: %v", err)
	}
}
