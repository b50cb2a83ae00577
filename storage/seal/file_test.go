package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestMain makes this binary a process that only opens a key file, for the race
// between processes.
func TestMain(m *testing.M) {
	if path := os.Getenv("SEAL_TEST_KEY_FILE"); path != "" {
		openAndSeal(path)
	}
	os.Exit(m.Run())
}

func openAndSeal(path string) {
	keys, err := LoadOrCreateFile(path)
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	sealed, err := keys.Seal([]byte("mine"), place)
	if err != nil {
		os.Exit(1)
	}
	os.Stdout.WriteString(base64.StdEncoding.EncodeToString(sealed))
	os.Exit(0)
}

func TestAMissingFileIsMadeOnceAndKeptPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hopeline.key")
	first, err := LoadOrCreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode = %v, %v, want 0600", info.Mode(), err)
	}
	before, _ := os.ReadFile(path)
	second, err := LoadOrCreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("loading the file changed it")
	}
	sealed, _ := first.Seal([]byte("mine"), place)
	if _, err := second.Open(sealed, place); err != nil {
		t.Errorf("Open by the second = %v, want nil", err)
	}
}

func TestAnUnfitFileIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	good := string(exported(t, generate(t)))
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		says       string
	}{
		{"group may read", good, 0o640, "chmod 600"},
		{"world may read", good, 0o604, "chmod 600"},
		{"world may write", good, 0o602, "chmod 600"},
		{"empty", "", 0o600, "key set"},
		{"half written", good[:40], 0o600, "key set"},
	} {
		path := filepath.Join(t.TempDir(), "hopeline.key")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadOrCreateFile(path)
		if !errors.Is(err, ErrKeyFile) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: LoadOrCreateFile = %v, want ErrKeyFile saying %q", c.name, err, c.says)
		}
		if after, _ := os.ReadFile(path); string(after) != c.text {
			t.Errorf("%s: the file was written to", c.name)
		}
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "nowhere", "key"), dangling); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":           dir,
		"no such folder":     filepath.Join(dir, "missing", "hopeline.key"),
		"a link to nothing":  dangling,
		"below another file": filepath.Join(os.Args[0], "hopeline.key"),
	} {
		if _, err := LoadOrCreateFile(path); !errors.Is(err, ErrKeyFile) {
			t.Errorf("LoadOrCreateFile(%s) = %v, want ErrKeyFile", name, err)
		}
	}
}

func TestRacingOpenersEndWithOneSet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hopeline.key")
	const openers = 20
	start := make(chan struct{})
	sealed := make(chan []byte, openers)
	var group sync.WaitGroup
	for range openers {
		group.Go(func() {
			<-start
			keys, err := LoadOrCreateFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			text, _ := keys.Seal([]byte("mine"), place)
			sealed <- text
		})
	}
	close(start)
	group.Wait()
	close(sealed)
	checkOneSet(t, path, sealed, openers)
}

func TestRacingProcessesEndWithOneSet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hopeline.key")
	sealed := make(chan []byte, 4)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if text, err := openInProcess(t, path); err != nil {
				t.Error(err)
			} else {
				sealed <- text
			}
		})
	}
	group.Wait()
	close(sealed)
	checkOneSet(t, path, sealed, 4)
}

func openInProcess(t *testing.T, path string) ([]byte, error) {
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), "SEAL_TEST_KEY_FILE="+path)
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(string(out))
}

// checkOneSet wants every text to open under the set at path, and nothing else
// left in its folder.
func checkOneSet(t *testing.T, path string, sealed <-chan []byte, want int) {
	t.Helper()
	keys, err := LoadOrCreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for text := range sealed {
		if _, err := keys.Open(text, place); err != nil {
			t.Errorf("an opener ended with another set: %v", err)
		}
		opened++
	}
	if opened != want {
		t.Errorf("%d openers ended well, want %d", opened, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files left in the folder, want 1", len(entries))
	}
}
