package course

import (
	"bytes"
	_ "embed"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	text "text/template"
)

//go:embed index.html.tmpl
var htmlPage string

//go:embed index.md.tmpl
var mdPage string

// entry is a topic on the page.
type entry struct {
	Topic
	*Record
	Sources []source // the .nn files
}

type source struct{ File, Text string }

// Index writes index.md and index.html of the topics to out, the folder of
// their pictures, from their records there. src is examples/course; up is the
// way there from out. A topic without a record is left out.
func Index(out, src, up string, topics []Topic) error {
	var entries []entry
	for _, t := range topics {
		rec, err := ReadRecord(filepath.Join(out, t.Name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		e := entry{Topic: t, Record: rec}
		files, err := filepath.Glob(filepath.Join(src, t.Name, "*.nn"))
		if err != nil {
			return err
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			e.Sources = append(e.Sources, source{filepath.Base(f), string(body)})
		}
		entries = append(entries, e)
	}
	data := struct {
		Up     string
		Topics []entry
	}{up, entries}
	var b bytes.Buffer
	if err := template.Must(template.New("html").Parse(htmlPage)).Execute(&b, data); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "index.html"), b.Bytes(), 0o666); err != nil {
		return err
	}
	b.Reset()
	cell := text.FuncMap{"cell": func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }}
	if err := text.Must(text.New("md").Funcs(cell).Parse(mdPage)).Execute(&b, data); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "index.md"), b.Bytes(), 0o666)
}
