package nnc

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOrder checks that the pipeline keeps to the reasons for its order, and
// that each reason is about passes that exist.
func TestOrder(t *testing.T) {
	at := map[string]int{}
	for i, p := range Pipeline {
		if _, twice := at[p.Name]; twice {
			t.Errorf("two passes are called %s", p.Name)
		}
		if p.Doc == "" || p.run == nil {
			t.Errorf("%s says nothing or does nothing", p.Name)
		}
		at[p.Name] = i
	}
	for _, o := range Order {
		i, ok := at[o.First]
		j, ok2 := at[o.Then]
		switch {
		case !ok || !ok2:
			t.Errorf("no pass %s or no pass %s", o.First, o.Then)
		case i >= j:
			t.Errorf("%s stands behind %s, but %s", o.First, o.Then, o.Because)
		case o.Because == "":
			t.Errorf("%s before %s: why?", o.First, o.Then)
		}
	}
}

func TestPassHelp(t *testing.T) {
	var b bytes.Buffer
	PassHelp(&b)
	for _, p := range Pipeline {
		if !strings.Contains(b.String(), "\n"+p.Name+" ") && !strings.HasPrefix(b.String(), p.Name+" ") {
			t.Errorf("the help does not have %s", p.Name)
		}
	}
	if err := CheckPasses([]string{"simplfy"}); err == nil || !strings.Contains(err.Error(), "simplify") {
		t.Errorf("a slip in the name of a pass: %v", err)
	}
}

// TestExplain holds the catalogue to its word: the text marked wrong has the
// code, the text marked right has none at all.
func TestExplain(t *testing.T) {
	for _, section := range strings.Split(errorsText, "\n## ")[1:] {
		code, _, _ := strings.Cut(section, ":")
		if s, err := ExplainCode(strings.ToLower(code)); err != nil || !strings.HasPrefix(s, code) {
			t.Errorf("%s: %v", code, err)
		}
		for _, kind := range []string{"wrong", "right"} {
			_, rest, found := strings.Cut(section, "```nn "+kind+"\n")
			if !found {
				continue
			}
			src, _, _ := strings.Cut(rest, "```")
			list, err := Check("t.nn", []byte(src), Options{})
			has := false
			for _, d := range list {
				has = has || d.Code == code
			}
			if err != nil || kind == "wrong" && !has || kind == "right" && len(list) > 0 {
				t.Errorf("%s %s: %v\n%s%v", code, kind, err, src, list.Render(nil))
			}
		}
	}
}

// TestCatalogue finds the codes that the source of package dsl gives, and
// wants a section for each.
func TestCatalogue(t *testing.T) {
	code := regexp.MustCompile(`"(NN[0-9]+)"`)
	err := filepath.WalkDir("dsl", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range code.FindAllStringSubmatch(string(text), -1) {
			if _, err := ExplainCode(m[1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
