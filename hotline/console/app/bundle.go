package app

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed src css icon.svg manifest.webmanifest
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

// file is one bundled output: its name within /assets/ and its content.
type file struct {
	name    string
	content []byte
}

// links maps names that sources import to what stays outside of the bundle, at an address of its own.
type links map[string]string

// bundle builds the entries out of src, minified, each under a name that holds the hash of its content.
func bundle(src fs.FS, outside links, entries ...string) ([]file, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:     entries,
		EntryNames:      "[name]-[hash]",
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
	files := make([]file, 0, len(result.OutputFiles))
	for _, f := range result.OutputFiles {
		files = append(files, file{path.Base(f.Path), f.Contents})
	}
	return files, nil
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
