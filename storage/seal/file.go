package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxFile bounds what is read of a key file, in bytes; a set of one key has about 300.
const maxFile = 1 << 20

// LoadOrCreateFile reads the master key set at path, and makes one with mode
// 0600 when there is none. It never writes into a file that exists. Processes
// that start at the same moment all end with the one set that is at path. A file
// that others than its owner may touch is refused with ErrKeyFile.
func LoadOrCreateFile(path string) (*Keys, error) {
	keys, err := loadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("%w: create %s: %w", ErrKeyFile, path, err)
	}
	return loadFile(path)
}

func loadFile(path string) (*Keys, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	defer file.Close()
	if err := checkFile(file); err != nil {
		return nil, err
	}
	json, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	keys, err := LoadKeys(json)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return keys, nil
}

// checkFile looks at the open file, so that it can't be exchanged in between.
func checkFile(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is not a regular file", ErrKeyFile, file.Name())
	}
	// Windows has no such bits and reports all of them.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%w: others than its owner may touch %s; run: chmod 600 %s", ErrKeyFile, file.Name(), file.Name())
	}
	return nil
}

// createFile puts a whole new set at path, or leaves what somebody else put there
// first. A link either names a complete file or fails, so nobody reads half a set.
func createFile(path string) error {
	dir := filepath.Dir(path)
	draft, err := writeDraft(dir)
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	if err := os.Link(draft, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	// The loser waits too: nothing may be sealed by a set that a power cut could take away.
	return syncDir(dir)
}

// writeDraft writes a fresh set, durably, to a new file in dir of mode 0600.
func writeDraft(dir string) (name string, err error) {
	keys, err := GenerateKeys()
	if err != nil {
		return "", err
	}
	json, err := keys.JSON()
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp(dir, ".hopeline-key-*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(append(json, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder can't be synced there
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
