package outside

import (
	"testing"

	"github.com/nnc-lang/nnc/dsl/syntax"
)

// TestTexts fails where a text is not in the language, or a record has none.
func TestTexts(t *testing.T) {
	count := map[string]int{}
	parse := func(kind string, qs []question) {
		last := ""
		for _, q := range qs {
			if q.source == last {
				continue
			}
			last = q.source
			count[kind]++
			if _, err := syntax.Parse(q.id+".nn", []byte(q.source)); err != nil {
				t.Errorf("%v\n%s", err, q.source)
			}
		}
	}
	for _, f := range families {
		parse(f, caseQuestions(t, f))
	}
	parse("kink", kinkQuestions(t))
	parse("point", pointQuestions(t))
	parse("program", programQuestions(t))
	t.Log(count)
}
