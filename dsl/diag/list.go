package diag

import (
	"cmp"
	"slices"
	"strings"
)

// List is all that is to be said about some files. It is an error if it is
// not empty; use Err to return one.
type List []*Diagnostic

// Error is one line for each diagnostic.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Add appends d.
func (l *List) Add(d *Diagnostic) { *l = append(*l, d) }

// Err is l as an error, nil if l is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// HasErrors reports whether some diagnostic is more than a warning.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return !d.Warning })
}

// Sort orders by file, place, then code, keeping the order of equals.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b *Diagnostic) int {
		p, q := a.Pos(), b.Pos()
		return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Offset, q.Offset), cmp.Compare(a.Code, b.Code))
	})
}
