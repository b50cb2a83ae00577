package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/intake"
	"hopeline/storage"
	"hopeline/storage/seal"
)

// config is the environment, read. Set but empty is a value, and a secret may stand in a file named by NAME_FILE:
// the environment libraries at hand take an empty value for an unset one, so this is our own.
type config struct {
	Addr, OpsAddr string
	Public        *url.URL
	Data          string
	DatabaseURL   string
	RedisURL      string
	AccountSID    string
	Tokens        []string // the carrier's, one or two while they are rotated
	CarrierURL    string
	Lines         []hotline.Address
	Languages     []string // that callers are greeted in; the first is key 1
	Prompts       string   // folder of the organisation's own prompts
	APIKey        string   // with APISecret: browsers are phones
	APISecret     string
	CalendarTitle string // all that calendars say of a duty
	HeartbeatURL  string // a watchdog outside is told there that all is well; empty: none is
	AutoText      bool   // the first text of a contact is answered by one of the house's
	Fallback      fallbackConfig
	MasterKey     string // the key set itself; else it stands in MasterKeyFile
	MasterKeyFile string
	SecondFactor  bool // required
}

// String names no secret.
func (c config) String() string {
	return fmt.Sprintf("{addr %s, ops %s, public %v, data %s, %d lines, carrier %s}", c.Addr, c.OpsAddr, c.Public, c.Data, len(c.Lines), c.CarrierURL)
}

// GoString names no secret.
func (c config) GoString() string { return c.String() }

// setting is one name of the environment.
type setting struct {
	name     string
	fallback string
	secret   bool // also as NAME_FILE
	needed   bool // by serve
	set      func(*config, string) error
}

var settings = append([]setting{
	{name: "HOPELINE_ADDR", fallback: "127.0.0.1:8080", set: func(c *config, v string) error { c.Addr = v; return checkAddr(v) }},
	{name: "HOPELINE_OPS_ADDR", fallback: "127.0.0.1:9090", set: func(c *config, v string) error {
		c.OpsAddr = v
		if v == "" {
			return nil
		}
		return checkAddr(v)
	}},
	{name: "HOPELINE_PUBLIC_URL", needed: true, set: func(c *config, v string) (err error) { c.Public, err = publicURL(v); return err }},
	{name: "HOPELINE_DATA", fallback: "./data", set: func(c *config, v string) error { c.Data = v; return notEmpty(v) }},
	{name: "DATABASE_URL", secret: true, set: func(c *config, v string) error { c.DatabaseURL = v; return emptyOr(v, "SQLite") }},
	{name: "REDIS_URL", secret: true, set: func(c *config, v string) error { c.RedisURL = v; return emptyOr(v, "the embedded one") }},
	{name: "TWILIO_ACCOUNT_SID", secret: true, needed: true, set: func(c *config, v string) error { c.AccountSID = v; return notEmpty(v) }},
	{name: "TWILIO_AUTH_TOKEN", secret: true, needed: true, set: func(c *config, v string) error {
		c.Tokens = append([]string{v}, c.Tokens...)
		return notEmpty(v)
	}},
	{name: "TWILIO_AUTH_TOKEN_NEXT", secret: true, set: func(c *config, v string) error {
		if v != "" {
			c.Tokens = append(c.Tokens, v)
		}
		return nil
	}},
	{name: "TWILIO_API_URL", fallback: "https://api.twilio.com", set: func(c *config, v string) error { c.CarrierURL = v; return checkURL(v) }},
	{name: "HOPELINE_LINES", needed: true, set: func(c *config, v string) (err error) { c.Lines, err = lines(v); return err }},
	{name: "HOPELINE_LANGUAGES", fallback: "en,da", set: func(c *config, v string) (err error) { c.Languages, err = languages(v); return err }},
	{name: "HOPELINE_PROMPTS", set: func(c *config, v string) error { c.Prompts = v; return checkFolder(v) }},
	{name: "HOPELINE_CALENDAR_TITLE", fallback: intake.DefaultTitle, set: func(c *config, v string) error { c.CalendarTitle = v; return notEmpty(v) }},
	{name: "HOPELINE_HEARTBEAT_URL", secret: true, set: func(c *config, v string) error { c.HeartbeatURL = v; return checkURL(v) }},
	{name: "HOPELINE_AUTOTEXT", fallback: "on", set: func(c *config, v string) error {
		c.AutoText = v == "on"
		if v != "on" && v != "off" {
			return errors.New("is on or off")
		}
		return nil
	}},
	{name: "TWILIO_API_KEY", secret: true, set: func(c *config, v string) error { c.APIKey = v; return notEmpty(v) }},
	{name: "TWILIO_API_SECRET", secret: true, set: func(c *config, v string) error { c.APISecret = v; return notEmpty(v) }},
	{name: "HOPELINE_MASTER_KEY", secret: true, set: func(c *config, v string) error { c.MasterKey = v; return notEmpty(v) }},
	{name: "HOPELINE_MFA", fallback: "required", set: func(c *config, v string) error {
		c.SecondFactor = v == "required"
		if v != "required" && v != "optional" {
			return errors.New("is required or optional")
		}
		return nil
	}},
}, fallbackSettings...)

// masterKeyFile names the file of the master keys; the settings' own NAME_FILE rule does not fit it, because the first
// command that needs it makes it.
const masterKeyFile = "HOPELINE_MASTER_KEY_FILE"

// readConfig reads the environment. Whole: everything that serve needs must be there.
func readConfig(environ []string, whole bool) (*config, error) {
	env := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		env[name] = value
	}
	if err := unknownNames(env); err != nil {
		return nil, err
	}
	c := &config{MasterKeyFile: "./hopeline.key"}
	for _, s := range settings {
		value, given, err := s.read(env)
		if err != nil {
			return nil, err
		}
		if !given {
			if s.needed && whole {
				return nil, fmt.Errorf("%s is not set: hopeline serve needs it; deploy/env.example explains each", s.name)
			}
			if s.fallback == "" {
				continue
			}
			value = s.fallback
		}
		if err := s.set(c, value); err != nil {
			return nil, fmt.Errorf("%s %w", s.name, err)
		}
	}
	if file, given := env[masterKeyFile]; given {
		if c.MasterKeyFile = file; strings.TrimSpace(file) == "" {
			return nil, errors.New(masterKeyFile + " is empty: give a path, or leave it out for ./hopeline.key")
		}
		if c.MasterKey != "" {
			return nil, fmt.Errorf("HOPELINE_MASTER_KEY and %s are both set: keep one", masterKeyFile)
		}
	}
	return c, nil
}

// read gives a setting's value, from its own name or from the file that NAME_FILE names.
func (s setting) read(env map[string]string) (value string, given bool, err error) {
	value, given = env[s.name]
	file, inFile := env[s.name+"_FILE"]
	if !s.secret || !inFile || s.name == "HOPELINE_MASTER_KEY" {
		return value, given, nil
	}
	if given {
		return "", false, fmt.Errorf("%s and %s_FILE are both set: keep one", s.name, s.name)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE cannot be read: check its path and rights", s.name)
	}
	return strings.TrimRight(string(text), "\r\n"), true, nil
}

func unknownNames(env map[string]string) error {
	known := map[string]bool{masterKeyFile: true}
	for _, s := range settings {
		known[s.name] = true
		known[s.name+"_FILE"] = s.secret
	}
	var unknown []string
	for name := range env {
		if strings.HasPrefix(name, "HOPELINE_") && !known[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	sort.Strings(unknown)
	return fmt.Errorf("%s is not a setting: correct or remove it; deploy/env.example lists all", strings.Join(unknown, ", "))
}

func notEmpty(v string) error {
	if strings.TrimSpace(v) == "" {
		return errors.New("is empty")
	}
	return nil
}

// emptyOr refuses an empty address: a secret that was not filled in must not start a house without its data.
func emptyOr(v, without string) error {
	if strings.TrimSpace(v) == "" {
		return errors.New("is empty: give an address, or leave it out for " + without)
	}
	return nil
}

func checkAddr(v string) error {
	if _, _, err := net.SplitHostPort(v); err != nil {
		return errors.New("is not host:port")
	}
	return nil
}

func checkURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return errors.New("is not an http or https address")
	}
	return nil
}

// publicURL is the address that signatures and origins are checked against. Without TLS it works on this machine only.
func publicURL(v string) (*url.URL, error) {
	if err := checkURL(v); err != nil {
		return nil, err
	}
	u, _ := url.Parse(v)
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimRight(u.Path, "/")
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("has a query or fragment: give scheme, host and path only")
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme == "http" && !loopback {
		return nil, errors.New("is http: use https, everything else can be read on the way (http works for 127.0.0.1 and localhost)")
	}
	return u, nil
}

// languages are codes such as en,da; each is one key of the greeting.
func languages(v string) ([]string, error) {
	found := strings.Split(strings.ReplaceAll(v, " ", ""), ",")
	for _, code := range found {
		if len(code) < 2 || len(code) > 8 || strings.ToLower(code) != code {
			return nil, errors.New("is not a list of language codes like en,da")
		}
	}
	if len(found) > 8 {
		return nil, errors.New("has more than eight languages: there are no more keys")
	}
	return found, nil
}

func checkFolder(v string) error {
	if info, err := os.Stat(v); err != nil || !info.IsDir() {
		return errors.New("is not a folder that can be read")
	}
	return nil
}

func lines(v string) ([]hotline.Address, error) {
	var found []hotline.Address
	for _, part := range strings.Split(v, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		a := hotline.AddressOf(part)
		if a.Withheld() || !a.Answerable() {
			return nil, errors.New("holds something that is not an address like +4570201550 or whatsapp:+4570201550")
		}
		found = append(found, a)
	}
	if len(found) == 0 {
		return nil, errors.New("is empty: give the hotline's own numbers, like +4570201550,whatsapp:+4570201550")
	}
	return found, nil
}

// keys opens the master keys, or makes their file. Outside: the file must not lie in the data folder, where a backup
// would hold lock and key together.
func (c *config) keys(outside bool) (*seal.Keys, error) {
	if c.MasterKey != "" {
		return seal.LoadKeys([]byte(c.MasterKey))
	}
	if outside {
		inside, err := within(c.Data, c.MasterKeyFile)
		if err != nil {
			return nil, err
		}
		if inside {
			return nil, fmt.Errorf("%s lies in HOPELINE_DATA: move it elsewhere, so that a backup of the data never holds the key", masterKeyFile)
		}
	}
	return seal.LoadOrCreateFile(c.MasterKeyFile)
}

// house is what a store of this configuration needs, for a command beside serve.
func (c *config) house(keys *seal.Keys) storage.Config {
	return storage.Config{URL: c.DatabaseURL, Folder: c.Data, Keys: keys, Rules: usual.rules, Room: hotline.DefaultRoom, Now: usual.now, Log: zap.NewNop()}
}

// carrier is the account at the carrier.
func (c *config) carrier() carrier.Config {
	return carrier.Config{Public: c.Public, AccountSID: c.AccountSID, Tokens: c.Tokens, APIURL: c.CarrierURL,
		Languages: c.Languages, Prompts: c.Prompts, APIKey: c.APIKey, APISecret: c.APISecret, Backup: c.Fallback.Backup.Full()}
}

// within tells whether file lies in folder, links followed as far as they exist.
func within(folder, file string) (bool, error) {
	real := func(p string) (string, error) {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", fmt.Errorf("find %s: %w", p, err)
		}
		for rest := ""; ; {
			if found, err := filepath.EvalSymlinks(abs); err == nil {
				return filepath.Join(found, rest), nil
			}
			if abs == filepath.Dir(abs) {
				return filepath.Join(abs, rest), nil
			}
			abs, rest = filepath.Dir(abs), filepath.Join(filepath.Base(abs), rest)
		}
	}
	a, err := real(folder)
	if err != nil {
		return false, err
	}
	b, err := real(file)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(a, b)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}
