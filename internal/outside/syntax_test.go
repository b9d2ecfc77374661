package outside

import (
	"testing"

	"github.com/nnc-lang/nnc/dsl/syntax"
)

// TestFormat fails where a text of testdata is not in the language, or not as
// the formatter prints it.
func TestFormat(t *testing.T) {
	for _, family := range append(families, "kink") {
		for id, text := range texts(t, family) {
			if out, err := syntax.Format([]byte(text)); err != nil {
				t.Errorf("%s: %v", id, err)
			} else if string(out) != text {
				t.Errorf("%s is formatted as\n%s", id, out)
			}
		}
	}
}

// TestTranslations fails where the text made for a record is not in the
// language, a record has none, or formatting it twice is not formatting once.
func TestTranslations(t *testing.T) {
	for _, family := range families {
		translated(t, caseQuestions(t, family))
	}
	translated(t, kinkQuestions(t))
	translated(t, pointQuestions(t))
	translated(t, liftedQuestions(t))
	translated(t, programQuestions(t))
}

func translated(t *testing.T, qs []question) {
	last := ""
	for _, q := range qs {
		if q.source == last {
			continue
		}
		last = q.source
		once, err := syntax.Format([]byte(q.source))
		if err != nil {
			t.Errorf("%s: %v\n%s", q.id, err, q.source)
			continue
		}
		if twice, err := syntax.Format(once); err != nil || string(twice) != string(once) {
			t.Errorf("%s: formatted again, %v:\n%s", q.id, err, twice)
		}
	}
}
