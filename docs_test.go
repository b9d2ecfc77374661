package nnc

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A fence is a block of code in a Markdown file.
type fence struct {
	kind, text string
	line       int
}

// fences splits a Markdown file at its blocks of code; between has the prose
// around them, one longer.
func fences(text string) (list []fence, between []string) {
	var prose, code strings.Builder
	inside, start := "", 0
	for n, line := range strings.SplitAfter(text, "\n") {
		kind, mark := strings.CutPrefix(line, "```")
		switch {
		case inside == "" && mark:
			inside, start = strings.TrimSpace(kind)+" ", n+1
			between = append(between, prose.String())
			prose.Reset()
		case mark:
			list = append(list, fence{strings.TrimSpace(inside), code.String(), start})
			inside = ""
			code.Reset()
		case inside != "":
			code.WriteString(line)
		default:
			prose.WriteString(line)
		}
	}
	return list, append(between, prose.String())
}

// files splits a block at lines `// file: NAME`.
func files(block string) (names []string, texts map[string]string) {
	texts = map[string]string{}
	name := "snippet.nn"
	for line := range strings.Lines(block) {
		if rest, ok := strings.CutPrefix(line, "// file: "); ok {
			name = strings.Fields(rest)[0]
			line = "// " + strings.TrimSpace(strings.TrimPrefix(rest, name)) + "\n"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		texts[name] += line
	}
	return names, texts
}

// TestDocs compiles every block ```nn of docs. A block ```text behind one is
// what the compiler says of it, to the letter; without one it says nothing.
// Blocks ```nn wrong and ```nn right of the catalogue of errors stand below a
// heading with the code that the one has and the other has not. A block
// ```eval, behind the source, has an entry, its input and the answer. With
// -update the answers are written.
func TestDocs(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	if err != nil || len(docs) < 5 {
		t.Fatal(docs, err)
	}
	for _, doc := range docs {
		t.Run(filepath.Base(doc), func(t *testing.T) {
			raw, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			list, prose := fences(string(raw))
			code := ""
			changed := false
			programs := map[string]string{}
			for _, f := range list {
				if _, texts := files(f.text); f.kind == "nn" {
					for n, text := range texts {
						if programs[n] == "" {
							programs[n] = text
						}
					}
				}
			}
			for k, f := range list {
				if at := strings.LastIndex(prose[k], "\n## NN"); at >= 0 {
					code = prose[k][at+4 : at+9]
				}
				where := fmt.Sprintf("%s:%d", doc, f.line)
				if name, ok := strings.CutPrefix(f.kind, "go outline "); ok {
					outlined(t, where, name, f.text, programs)
				}
				switch f.kind {
				case "nn":
					want := ""
					said := k+1 < len(list) && list[k+1].kind == "text" && strings.Contains(list[k+1].text, ": NN") && strings.TrimSpace(prose[k+1]) == ""
					if said {
						want = list[k+1].text
					}
					got := saysOf(t, where, f.text)
					if got != want && said && *update {
						list[k+1].text, changed = got, true
					} else if got != want {
						t.Errorf("%s: the compiler says\n%snot\n%s", where, got, want)
					}
				case "nn wrong":
					if got := saysOf(t, where, f.text); !strings.Contains(got, ": "+code+" ") {
						t.Errorf("%s: this is no %s: %s", where, code, got)
					}
				case "nn right":
					if got := saysOf(t, where, f.text); got != "" {
						t.Errorf("%s: this is not right: %s", where, got)
					}
				case "eval":
					var src string
					for j := k; src == ""; j-- {
						if list[j].kind == "nn" {
							src = list[j].text
						}
					}
					entry, rest, _ := strings.Cut(f.text, "\n")
					input, want, _ := strings.Cut(rest, "\n")
					got := answered(src, entry, input)
					if got != want && *update {
						list[k].text, changed = entry+"\n"+input+"\n"+got, true
					} else if got != want {
						t.Errorf("%s: the answer is\n%snot\n%s", where, got, want)
					}
				}
			}
			if changed {
				out := prose[0]
				for k, f := range list {
					out += "```" + f.kind + "\n" + f.text + "```\n" + prose[k+1]
				}
				if err := os.WriteFile(doc, []byte(out), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// saysOf is what the compiler says of the files of a block.
func saysOf(t *testing.T, where, block string) string {
	t.Helper()
	names, texts := files(block)
	out := ""
	for _, n := range names {
		opt := Options{Package: "p", Import: func(p string) ([]byte, error) {
			if text, ok := texts[path.Base(p)]; ok {
				return []byte(text), nil
			}
			return nil, os.ErrNotExist
		}}
		r, err := Compile(n, []byte(texts[n]), opt)
		if err != nil {
			t.Errorf("%s: %v", where, err)
		}
		out += r.Diagnostics.Render(func(string) []byte { return []byte(texts[n]) })
	}
	return out
}

// outlined finds every line of an outline in the Go that a program becomes.
func outlined(t *testing.T, where, name, lines string, programs map[string]string) {
	t.Helper()
	r, err := Compile(name, []byte(programs[name]), Options{Package: "p", Import: func(p string) ([]byte, error) { return []byte(programs[p]), nil }})
	if err != nil || r.Go == nil {
		t.Fatalf("%s: %v %v", where, err, r.Diagnostics)
	}
	for line := range strings.Lines(lines) {
		if !strings.Contains("\n"+string(r.Go), "\n"+line) {
			t.Errorf("%s: the Go of %s has no line %s", where, name, line)
		}
	}
}

func answered(src, entry, input string) string {
	c := Case{File: "f.nn", Source: []byte(src), Input: []byte(input)}
	c.Entry, entry, _ = strings.Cut(entry, " ")
	if k, v, ok := strings.Cut(strings.TrimPrefix(entry, "-set "), "="); ok {
		c.Options.Set = map[string]string{k: v}
	}
	out, err := Eval(c)
	if err != nil {
		return "nnc: " + err.Error() + "\n"
	}
	return strings.TrimSpace(string(out)) + "\n"
}

// TestDocLinks follows the links from one page of the repository to another.
func TestDocLinks(t *testing.T) {
	pages, _ := filepath.Glob("docs/*.md")
	for _, page := range append(pages, "README.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		_, prose := fences(string(text))
		for _, part := range strings.Split(inlineCode.ReplaceAllString(strings.Join(prose, ""), ""), "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if strings.Contains(target, "://") {
				continue
			}
			file, anchor, _ := strings.Cut(target, "#")
			if file == "" {
				file = page
			} else {
				file = filepath.Join(filepath.Dir(page), file)
			}
			to, err := os.ReadFile(file)
			if info, e := os.Stat(file); e == nil && info.IsDir() {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", page, err)
			} else if anchor != "" && !slices.Contains(anchors(string(to)), anchor) {
				t.Errorf("%s: %s has no heading %s, only %v", page, file, anchor, anchors(string(to)))
			}
		}
	}
}

var inlineCode = regexp.MustCompile("`[^`\n]*`")

// anchors are the names under which the headings of a page are linked to.
func anchors(text string) (out []string) {
	_, prose := fences(text)
	for line := range strings.Lines("\n" + strings.Join(prose, "\n")) {
		if head := strings.TrimLeft(line, "#"); head != line && strings.HasPrefix(head, " ") {
			name := strings.Map(func(r rune) rune {
				switch {
				case r == ' ' || r == '-':
					return '-'
				case strings.ContainsRune(`.,:;?'"()[]/*+<>`+"`", r):
					return -1
				}
				return r
			}, strings.ToLower(strings.TrimSpace(head)))
			out = append(out, name)
		}
	}
	return out
}
