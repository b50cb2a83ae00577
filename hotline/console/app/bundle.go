package app

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed src css icon.svg manifest.webmanifest sw.js
//go:embed vendor/preact/dist vendor/preact/hooks/dist vendor/preact/jsx-runtime/dist
//go:embed vendor/signals/dist/signals.mjs vendor/signals-core/dist/signals-core.mjs
//go:embed vendor/voice-sdk/dist/twilio.min.js
var sources embed.FS

// libraries maps the names that sources import to the vendored modules.
var libraries = map[string]string{
	"preact":               "vendor/preact/dist/preact.mjs",
	"preact/hooks":         "vendor/preact/hooks/dist/hooks.mjs",
	"preact/jsx-runtime":   "vendor/preact/jsx-runtime/dist/jsxRuntime.mjs",
	"@preact/signals":      "vendor/signals/dist/signals.mjs",
	"@preact/signals-core": "vendor/signals-core/dist/signals-core.mjs",
}

var loaders = map[string]api.Loader{
	".ts": api.LoaderTS, ".tsx": api.LoaderTSX, ".mjs": api.LoaderJS, ".css": api.LoaderCSS,
}

// file is one bundled output: its name within /assets/, its content, and the files that a script cannot begin without.
type file struct {
	name    string
	content []byte
	needs   []string
}

// links maps names that sources import to what stays outside of the bundle, at an address of its own.
type links map[string]string

// bundle builds the entries out of src, minified, each under a name that holds the hash of its content. What a script
// imports only when it is wanted becomes a file of its own, and so does what two files share.
func bundle(src fs.FS, outside links, entries ...string) ([]file, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:     entries,
		EntryNames:      "[name]-[hash]",
		ChunkNames:      "[name]-[hash]",
		Splitting:       true,
		Metafile:        true,
		Outdir:          "/assets",
		AbsWorkingDir:   "/",
		Bundle:          true,
		Format:          api.FormatESModule,
		Target:          api.ES2022,
		JSX:             api.JSXAutomatic,
		JSXImportSource: "preact",
		LegalComments:   api.LegalCommentsNone,
		MinifySyntax:    true, MinifyWhitespace: true, MinifyIdentifiers: true,
		Plugins: []api.Plugin{reader(src, outside)},
	})
	if err := complaints(result); err != nil {
		return nil, err
	}
	var meta metafile
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, fmt.Errorf("read what the bundler says of its files: %w", err)
	}
	files := make([]file, 0, len(result.OutputFiles))
	for _, f := range result.OutputFiles {
		files = append(files, file{path.Base(f.Path), f.Contents, meta.needs(strings.TrimPrefix(f.Path, "/"))})
	}
	return files, nil
}

// metafile is what the bundler says of its outputs, as far as it is used here.
type metafile struct {
	Outputs map[string]struct {
		Imports []struct {
			Path     string
			Kind     string
			External bool
		}
	}
}

// needs are the names of what an output imports at once, and what that does.
func (m metafile) needs(output string) []string {
	var names []string
	for _, i := range m.Outputs[output].Imports {
		if i.Kind == "import-statement" && !i.External {
			names = append(append(names, path.Base(i.Path)), m.needs(i.Path)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// complaints joins what the bundler said; a warning counts as an error.
func complaints(result api.BuildResult) error {
	var errs []error
	for _, m := range append(result.Errors, result.Warnings...) {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		errs = append(errs, errors.New(where+m.Text))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("bundle the page: %w", err)
	}
	return nil
}

// reader lets the bundler resolve and load from src only, never from the disk of the machine.
func reader(src fs.FS, outside links) api.Plugin {
	return api.Plugin{Name: "embedded", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if where, ok := outside[a.Path]; ok {
				return api.OnResolveResult{Path: where, External: true}, nil
			}
			name, err := resolve(src, a.Path, a.Importer)
			return api.OnResolveResult{Path: name, Namespace: "embedded"}, err
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "embedded"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			content, err := fs.ReadFile(src, a.Path)
			text := string(content)
			return api.OnLoadResult{Contents: &text, Loader: loaders[path.Ext(a.Path)]}, err
		})
	}}
}

// resolve finds the file that an import in importer means.
func resolve(src fs.FS, name, importer string) (string, error) {
	if library, ok := libraries[name]; ok {
		return library, nil
	}
	if importer != "" {
		if !strings.HasPrefix(name, ".") {
			return "", fmt.Errorf("%s imports %s, which is not vendored", importer, name)
		}
		name = path.Join(path.Dir(importer), name)
	}
	for _, ext := range []string{"", ".ts", ".tsx"} {
		if info, err := fs.Stat(src, name+ext); err == nil && !info.IsDir() {
			return name + ext, nil
		}
	}
	return "", fmt.Errorf("no file %s (imported from %s)", name, importer)
}
