package syntax

import (
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// strip is a copy of a tree without places and comments.
func strip(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return strip(v.Elem())
	case reflect.Slice:
		out := []any{}
		for i := range v.Len() {
			out = append(out, strip(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := []any{v.Type().Name()}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Name != "Loc" && f.Name != "OpSpan" && f.Name != "Doc" {
				out = append(out, f.Name, strip(v.Field(i)))
			}
		}
		return out
	}
	return v.Interface()
}

// checkFormat tests what must hold of every file that parses.
func checkFormat(t *testing.T, name string, src []byte) []byte {
	t.Helper()
	before, err := Parse("f.nn", src)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	once := Print(before)
	after, err := Parse("f.nn", once)
	if err != nil {
		t.Fatalf("%s: formatting broke it: %v\n%s\nbecame\n%s", name, err, src, once)
	}
	if a, b := strip(reflect.ValueOf(before)), strip(reflect.ValueOf(after)); !reflect.DeepEqual(a, b) {
		t.Errorf("%s: formatting changed the meaning:\n%s\nbecame\n%s\n%v\n%v", name, src, once, a, b)
	}
	if a, b := texts(before), texts(after); !slices.Equal(a, b) {
		t.Errorf("%s: formatting changed tokens or comments:\n%s\nbecame\n%s\n%q\n%q", name, src, once, a, b)
	}
	if twice := Print(after); string(twice) != string(once) {
		t.Errorf("%s: formatting again changes it:\n%s\nbecame\n%s\nbecame\n%s", name, src, once, twice)
	}
	return once
}

// texts is the tokens in order, but ';', and then the comments in order.
func texts(f *File) []string {
	var out []string
	for _, t := range f.tokens {
		if !t.is(";") {
			out = append(out, t.text)
		}
	}
	for _, c := range f.comments {
		out = append(out, c.text)
	}
	return out
}

func TestFormatPrograms(t *testing.T) {
	for name, src := range programs(t) {
		checkFormat(t, name, src)
		crlf := strings.ReplaceAll(string(src), "\n", "\r\n")
		if got := checkFormat(t, name+" with CRLF", []byte(crlf)); strings.Contains(string(got), "\r") {
			t.Errorf("%s: carriage returns survive formatting", name)
		}
		// However the white space is, the meaning stays.
		checkFormat(t, name+" on many lines", manyLines(src))
		checkFormat(t, name+" in tabs", []byte(strings.ReplaceAll(string(src), "  ", "\t")))
	}
}

// manyLines is src with a line break for each space that is not in a comment.
func manyLines(src []byte) []byte {
	lines := strings.Split(string(src), "\n")
	for i, s := range lines {
		code, comment, found := strings.Cut(s, "//")
		lines[i] = strings.ReplaceAll(code, " ", "\n")
		if found {
			lines[i] += "//" + comment
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// TestFormat reads testdata/format.txt: texts split by lines of ---, each
// followed by ### and its canonical layout.
func TestFormat(t *testing.T) {
	const name = "testdata/format.txt"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n---\n")
	for i, c := range cases {
		src, want, _ := strings.Cut(c, "\n###\n")
		got := strings.TrimSuffix(string(checkFormat(t, name, []byte(src))), "\n")
		if got != want && !*update {
			t.Errorf("case %d: got\n%s\nwant\n%s", i+1, got, want)
		}
		cases[i] = src + "\n###\n" + got
	}
	if *update {
		if err := os.WriteFile(name, []byte(strings.Join(cases, "\n---\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, src := range programs(f) {
		f.Add(src)
	}
	data, err := os.ReadFile("testdata/format.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range strings.Split(string(data), "\n---\n") {
		src, _, _ := strings.Cut(c, "\n###\n")
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := Parse("f.nn", src); err == nil {
			checkFormat(t, "fuzz", src)
		}
	})
}

// TestFormatScattered puts random white space and comments between the tokens
// of the programs.
func TestFormatScattered(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, src := range programs(t) {
		f, err := Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			var b strings.Builder
			rare := 1 + r.IntN(30)
			for i, tok := range f.tokens {
				if i > 0 && f.tokens[i-1].span.End.Offset < tok.span.Pos.Offset {
					b.WriteString(" ")
				}
				if r.IntN(rare) == 0 {
					b.WriteString([]string{"\n", "\n\n\n", "  ", " // c\n", "\n // d\n", "\n// e\n\n// f\n", "\t", " // g\n  // h\n"}[r.IntN(8)])
				}
				b.WriteString(tok.text)
			}
			checkFormat(t, name, []byte(b.String()))
			if t.Failed() {
				return
			}
		}
	}
}
