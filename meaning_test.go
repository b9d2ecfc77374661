package nnc

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMeaning holds the sentences of docs/language.md, section 3. Each file of
// testdata/meaning has one of its paragraphs: under a line `# sentence` a
// program, then what it must do, worked out by hand or by another program:
//
//	> ENTRY INPUT        is asked of nnc eval, with and without passes, and of
//	{"value": …}         emitted Go in both element types, and this is the answer
//	>> ENTRY INPUT       is not asked without passes: one of them makes it so
//	error: text          or what is said instead
//	! NN501 text         what the program is told; a program without such a line is told nothing
//	== parts.nn          the lines that follow are this file, which the program can import
func TestMeaning(t *testing.T) {
	files, _ := filepath.Glob("testdata/meaning/*.txt")
	if len(files) == 0 {
		t.Fatal("no sentences")
	}
	var asked []meaningQuery
	var cases []Case
	for _, file := range files {
		for _, s := range readSentences(t, file) {
			for _, q := range s.check(t) {
				for _, dtype := range []string{"f64", "f32"} {
					c := Case{File: "t.nn", Source: []byte(s.files["t.nn"]), Entry: q.entry, Input: []byte(q.input), Options: Options{Dtype: dtype, Import: s.read}}
					q.compare(t, dtype+", all passes", c)
					if !q.passes {
						c.Plain = true
						q.compare(t, dtype+", no passes", c)
						c.Plain = false
					}
					cases, asked = append(cases, c), append(asked, q)
				}
			}
		}
	}
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		return
	}
	for i, a := range EvalGoAll(cases) {
		asked[i].judge(t, cases[i].Options.Dtype+", emitted Go", cases[i].Options.Dtype, a.JSON, a.Err)
	}
}

// sentence is a program and what it must do.
type sentence struct {
	at      string
	files   map[string]string // t.nn and what it imports
	told    []string
	queries []meaningQuery
}

// read is what an import finds.
func (s *sentence) read(path string) ([]byte, error) {
	text, ok := s.files[path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

type meaningQuery struct {
	at, entry, input, want string
	passes                 bool // are needed
}

func readSentences(t *testing.T, file string) (out []*sentence) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	name := ""
	for k := 0; k < len(lines); k++ {
		line := lines[k]
		at := fmt.Sprintf("%s:%d", filepath.Base(file), k+1)
		if says, ok := strings.CutPrefix(line, "# "); ok {
			out = append(out, &sentence{at: at + ": " + says, files: map[string]string{}})
			name = "t.nn"
			continue
		}
		s := out[len(out)-1]
		if told, ok := strings.CutPrefix(line, "! "); ok {
			s.told = append(s.told, told)
		} else if file, ok := strings.CutPrefix(line, "== "); ok {
			name = file
		} else if query, ok := strings.CutPrefix(line, ">"); ok {
			query, passes := strings.CutPrefix(query, ">")
			entry, input, _ := strings.Cut(strings.TrimSpace(query), " ")
			k++
			s.queries = append(s.queries, meaningQuery{at, entry, input, lines[k], passes})
		} else {
			s.files[name] += line + "\n"
		}
	}
	return out
}

// check compares what the program is told; there is more to ask of one without
// mistakes.
func (s *sentence) check(t *testing.T) []meaningQuery {
	ds, err := Check("t.nn", []byte(s.files["t.nn"]), Options{Import: s.read})
	if err != nil {
		t.Errorf("%s: %v", s.at, err)
	}
	text := ds.Render(func(file string) []byte { return []byte(s.files[file]) })
	for _, told := range s.told {
		if !strings.Contains(text, told) {
			t.Errorf("%s: nothing says %q:\n%s", s.at, told, text)
		}
	}
	if len(ds) > 0 && len(s.told) == 0 {
		t.Errorf("%s: it is told\n%s", s.at, text)
	}
	if ds.HasErrors() {
		return nil
	}
	if _, err := Compile("t.nn", []byte(s.files["t.nn"]), Options{Package: "p", Import: s.read}); err != nil {
		t.Errorf("%s: %v", s.at, err)
	}
	return s.queries
}

func (q meaningQuery) compare(t *testing.T, who string, c Case) {
	out, err := Eval(c)
	q.judge(t, who, c.Options.Dtype, out, err)
}

func (q meaningQuery) judge(t *testing.T, who, dtype string, out []byte, err error) {
	if err != nil || strings.HasPrefix(q.want, "error: ") {
		if got := fmt.Sprintf("error: %v", err); got != q.want {
			t.Errorf("%s: %s: %s\ngot  %s %s\nwant %s", q.at, q.entry, who, got, out, q.want)
		}
		return
	}
	tol := 1e-11
	if dtype == "f32" {
		tol = 1e-5
	}
	var got, want any
	if json.Unmarshal(out, &got) != nil || json.Unmarshal([]byte(q.want), &want) != nil {
		t.Fatalf("%s: no JSON: %s or %s", q.at, out, q.want)
	}
	if d := differ(got, want, tol, ""); d != "" {
		t.Errorf("%s: %s: %s: %s\ngot  %swant %s", q.at, q.entry, who, d, out, q.want)
	}
}
